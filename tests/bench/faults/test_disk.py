"""Disks and folders that fail; `make faults` fills and locks real file systems."""

import resource
import subprocess

import pytest

from bench.runs.errors import BenchError
from tests.faults.disk import small_disk, two_at_once
from tests.faults.small_run import (
    Done,
    bench_command,
    bench_env,
    differences,
    digests,
    write_small_experiment,
)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_same_run_twice_at_once(shared_folder):
    config = write_small_experiment(shared_folder)
    fault = two_at_once(config, shared_folder / "results")
    assert fault.ok, fault.happened


def test_files_that_cannot_grow_are_said_and_none_is_taken_for_whole(shared_folder):
    config = write_small_experiment(shared_folder)
    results = shared_folder / "results"

    def no_file_larger_than_a_kilobyte():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    process = subprocess.run(
        bench_command("run", config, "--results", results),
        env=bench_env({"IMGSIG_BENCH_CACHE": str(shared_folder / "cache")}),
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


def test_tables_that_differ_are_named(finished, tmp_path):
    expected = digests(finished.folder.path)
    assert differences(expected, finished.folder.path) == []
    assert differences({**expected, "metrics": "x", "more": "y"}, finished.folder.path) == [
        "metrics",
        "more",
    ]
    assert {"metrics", "candidates", "timings"} <= set(expected)


def test_a_disk_that_cannot_be_mounted_is_said_with_the_remedy(tmp_path):
    refused = pytest.raises(BenchError, match=r"no disk of nothing .*needs root.*--only")
    with refused, small_disk(tmp_path / "disk", "nothing"):
        pytest.fail("it was mounted")
    assert not list(tmp_path.iterdir())
