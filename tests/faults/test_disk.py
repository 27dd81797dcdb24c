"""Disks that are full, folders that cannot be written to, and files that are not what they were."""

import resource
import subprocess

import pytest

from tests.faults.disk import damaged_cache, full_disk, read_only, two_at_once
from tests.faults.downloads import FETCHED, HARMS, Mirror, download_fault, made_archive
from tests.faults.small_run import Done, bench_command, bench_env


@pytest.mark.slow
def test_the_same_run_twice_at_once(config, folder, expect):
    expect(two_at_once(config, folder / "twice"))


@pytest.mark.fault
@pytest.mark.parametrize(
    ("size", "filled"), [("300k", "from the start"), ("400m", "while it loads the index")]
)
def test_a_full_disk(config, expected, folder, expect, size, filled):
    expect(full_disk(config, folder, size, filled, expected))


@pytest.mark.fault
def test_a_folder_that_is_read_only(config, expected, folder, expect):
    expect(read_only(config, folder, expected))


@pytest.mark.fault
def test_a_damaged_cache(config, expected, folder, expect):
    expect(damaged_cache(config, folder, expected))


#: What `make test-all` downloads: each harm, and with each client.
SOME = {
    ("a wheel of pictures", "cut"),
    ("a tarball of npm", "withdrawn"),
    ("a Maven artifact", "changed"),
    ("the server", "stalled"),
}


@pytest.mark.parametrize(
    ("what", "harm"),
    [
        pytest.param(
            what, harm, marks=pytest.mark.slow if (what, harm) in SOME else pytest.mark.fault
        )
        for what in FETCHED
        for harm in HARMS
    ],
)
def test_a_download_that_goes_wrong(folder, expect, what, harm):
    code, file = FETCHED[what]
    cache = folder / "cache"
    expect(download_fault(what, code, Mirror(file, made_archive(file), harm), cache))
    assert not cache.exists()


@pytest.mark.slow
def test_files_that_cannot_grow_are_said_and_none_is_taken_for_whole(config, folder):
    results = folder / "results"

    def no_file_larger_than_a_kilobyte():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    process = subprocess.run(
        bench_command("run", config, "--results", results),
        env=bench_env({"IMGSIG_BENCH_CACHE": str(folder / "cache")}),
        preexec_fn=no_file_larger_than_a_kilobyte,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    done = Done(process.returncode, process.stdout)
    assert done.code == 1
    assert "File too large" in done.message
    assert "Traceback" not in done.output
    written = [path for path in results.rglob("*") if path.is_file() and path.suffix != ".part"]
    assert not [path for path in written if path.name == "manifest.json"]
    assert all(path.stat().st_size <= 1000 for path in written)
