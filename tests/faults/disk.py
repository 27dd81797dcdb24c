"""Disks that are full, folders that cannot be written to, and files that are not what they were."""

import contextlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.runs.errors import BenchError
from tests.faults.fault import Fault
from tests.faults.small_run import (
    Done,
    differences,
    only_run,
    run_bench,
    started_run,
)
from tests.shared import DISTRIBUTION

AGAIN = "said clearly, exit 1; with room, the same command ends in the same tables"


def two_at_once(config: Path, results: Path) -> Fault:
    """Start a run while the same runs."""
    log = results.parent / f"{results.name}.log"
    with started_run(config, results, log) as first:
        _wait_for(results, "*/work/seconds.json", first)
        second = run_bench("run", config, "--results", results)
        alone = first.poll() is None
    says = "another process is running" in second.message
    return Fault(
        "disk",
        "the same run started twice at once",
        "the second says so and stops with exit 1; the first goes on",
        f"exit {second.code}: {second.message}" + ("" if alone else "; the first ended"),
        second.code == 1 and says and alone,
    )


def full_disk(
    config: Path, folder: Path, size: str, filled: str, expected: Mapping[str, str]
) -> Fault:
    """Run on a small file system that gets full; make room; run again."""
    disk = folder / f"disk-{size}"
    results = disk / "results"
    injected = f"a disk of {size} (tmpfs) that is full {filled}"
    with small_disk(disk, size):
        if filled == "from the start":
            failed = run_bench("run", config, "--results", results)
        else:
            failed = _run_and_fill(config, results, disk)
        (disk / "filler").unlink(missing_ok=True)
        half = list(results.glob("*/manifest.json"))
        subprocess.run(["mount", "-o", "remount,size=600m", str(disk)], check=True)
        done = run_bench("run", config, "--results", results)
        wrong = _wrong(done, results, expected) + (["it counts as finished"] if half else [])
        return _two_starts(injected, failed, done, wrong, r"No space left|must stay free|is full")


def _run_and_fill(config: Path, results: Path, disk: Path) -> Done:
    log = results.parent / "log"
    with started_run(config, results, log) as process:
        _wait_for(results, "*/work/signed/description.json", process)
        while b"start engine:" not in log.read_bytes() and process.poll() is None:
            time.sleep(0.02)
        with (disk / "filler").open("wb") as filler, contextlib.suppress(OSError):
            while True:
                filler.write(bytes(2**16))
                filler.flush()
        process.wait(300)
    return Done(process.returncode, log.read_text(errors="replace"))


def read_only(config: Path, folder: Path, expected: Mapping[str, str]) -> Fault:
    """Run into a file system that is mounted read-only; mount it for writing; run again."""
    disk = folder / "read-only"
    results = disk / "results"
    with small_disk(disk, "600m"):
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        failed = run_bench("run", config, "--results", results)
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        done = run_bench("run", config, "--results", results)
        wrong = _wrong(done, results, expected)
        injected = "a folder of results on a disk that is read-only"
        return _two_starts(injected, failed, done, wrong, "Read-only file system")


def damaged_cache(config: Path, folder: Path, expected: Mapping[str, str]) -> Fault:
    """Spoil every entry of the cache of signatures and the server, then run with it."""
    cache = folder / "cache"
    env = {"IMGSIG_BENCH_CACHE": str(cache)}
    first = run_bench("run", config, "--results", folder / "cached", env=env)
    folders = ("signatures", "tiles")
    entries = [path for name in folders for path in (cache / name).rglob("*") if path.is_file()]
    for number, path in enumerate(entries):
        data = path.read_bytes()
        bit = bytes([data[len(data) // 2] ^ 1])
        spoilt = (data[:-7], data[: len(data) // 2] + bit + data[len(data) // 2 + 1 :], b"")
        path.write_bytes(spoilt[number % 3])
    jar = next(
        cache.glob(f"{DISTRIBUTION.engine}/{DISTRIBUTION.version}*/home/lib/lucene-core-*.jar")
    )
    jar.chmod(0o644)
    os.truncate(jar, 1000)
    done = run_bench("run", config, "--results", folder / "cached-again", env=env)
    wrong = _wrong(first, folder / "cached", expected)
    wrong += _wrong(done, folder / "cached-again", expected)
    noticed = "is damaged; fetching it again" in done.output
    shutil.rmtree(cache, ignore_errors=True)
    return Fault(
        "disk",
        f"{len(entries)} cached signatures and tiles cut, changed in one bit or emptied; a cut "
        "file of the server",
        "noticed and made again, the same tables",
        "; ".join(
            [
                "the server was fetched again" if noticed else "the cut file was not noticed",
                *(wrong or ["the tables are the same"]),
            ]
        ),
        noticed and bool(entries) and not wrong,
    )


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """Mount a file system of some size; root is needed.

    Parameters
    ----------
    size : str
        As ``mount`` takes it: ``"300k"``.
    """
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=711", "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        folder.rmdir()
        raise BenchError(
            f"no disk of {size} can be mounted at {folder} ({error}). That needs root, on Linux: "
            "inject the faults as root, or name the files of other groups to pytest"
        ) from error
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def _wait_for(results: Path, pattern: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None and not list(results.glob(pattern)):
        time.sleep(0.02)


def _wrong(done: Done, results: Path, expected: Mapping[str, str]) -> list[str]:
    if done.code:
        return [f"exit {done.code}: {done.message}"]
    return [f"{name} differs" for name in differences(expected, only_run(results))]


def _two_starts(injected: str, failed: Done, done: Done, wrong: list[str], names: str) -> Fault:
    clear = (
        failed.code == 1
        and re.search(names, failed.message) is not None
        and "Traceback" not in failed.output
    )
    return Fault(
        "disk",
        injected,
        AGAIN,
        f"exit {failed.code}: {failed.message}; then {', '.join(wrong) or 'the same tables'}",
        clear and not wrong,
    )
