"""Result folders: nothing half-written, one process at a time."""

import hashlib
import os
import resource
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.runs.errors import RunError
from bench.runs.folder import (
    RunFolder,
    Stopwatch,
    read_json,
    write_array,
    write_bytes,
    write_json,
    write_parquet,
)

TABLE = pd.DataFrame({"a": range(1000)})

WRITERS = {
    "bytes": lambda path: write_bytes(path, b"x" * 1000),
    "json": lambda path: write_json(path, {"x": [1]}),
    "parquet": lambda path: write_parquet(path, TABLE),
    "array": lambda path: write_array(path, np.arange(1000)),
}


def test_the_config_is_known_before_and_after_there_is_a_manifest(tmp_path):
    folder = RunFolder(tmp_path)
    write_json(folder.work / "config.json", {"name": "begun"})
    assert folder.config() == {"name": "begun"}
    write_json(tmp_path / "manifest.json", {"config": {"name": "ended"}})
    assert folder.config() == {"name": "ended"}


def test_table_round_trip_and_manifest_entry(tmp_path):
    folder = RunFolder(tmp_path)
    table = pd.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": [0.5, np.nan]})
    entry = folder.write_table("sizes", table)
    pd.testing.assert_frame_equal(folder.table("sizes"), table)
    assert entry["rows"] == 2
    assert list(entry["columns"]) == ["a", "b", "c"]
    assert entry["sha256"] == hashlib.sha256((tmp_path / "sizes.parquet").read_bytes()).hexdigest()
    assert folder.write_table("sizes", table) == entry


def test_no_partial_file_is_left(tmp_path):
    write_json(tmp_path / "deep" / "a.json", {"x": [1]})
    write_array(tmp_path / "a.npy", np.arange(3))
    assert read_json(tmp_path / "deep" / "a.json") == {"x": [1]}
    assert np.load(tmp_path / "a.npy").tolist() == [0, 1, 2]
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".part")]


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_all_of_the_content_is_on_the_disk_before_the_file_has_its_name(
    tmp_path, monkeypatch, write
):
    done = []
    sync, replace = os.fsync, os.replace

    def synced(descriptor):
        sync(descriptor)
        state = os.fstat(descriptor)
        done.append(("synced", state.st_ino, state.st_size))

    def replaced(source, target):
        state = Path(source).stat()
        done.append(("renamed", state.st_ino, state.st_size))
        replace(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    path = tmp_path / "file"
    write(path)
    state = path.stat()
    same = (state.st_ino, state.st_size)
    assert done == [("synced", *same), ("renamed", *same)]


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_disk_that_takes_no_more_leaves_the_old_file(tmp_path, write):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            write(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == b"old"


def test_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    write_bytes(path, b"old")

    def fail(self, target):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"


def test_second_process_is_told_that_the_folder_is_in_use(tmp_path):
    with RunFolder(tmp_path).lock(), pytest.raises(RunError, match="another process"):
        RunFolder(tmp_path).lock().__enter__()


def test_unfinished_and_foreign_formats_are_refused(tmp_path):
    folder = RunFolder(tmp_path)
    with pytest.raises(RunError, match="no finished run"):
        folder.manifest()
    write_json(tmp_path / "manifest.json", {"format": 99})
    with pytest.raises(RunError, match="99"):
        folder.manifest()
    with pytest.raises(RunError, match="no table 'metrics'"):
        folder.table("metrics")


def test_on_a_shared_cluster_the_same_config_has_another_owner_in_another_folder(
    tmp_path, monkeypatch
):
    one, other = RunFolder(tmp_path / "a" / "run-1"), RunFolder(tmp_path / "b" / "run-1")
    monkeypatch.delenv("ES_URL", raising=False)
    assert one.owner == other.owner == "run-1"
    monkeypatch.setenv("ES_URL", "http://127.0.0.1:9")
    assert one.owner == RunFolder(one.path).owner != other.owner
    assert one.owner.startswith("run-1-")


@pytest.mark.parametrize("planted", ["run", "run/work", "run/work/engine", "run/figures/a.png"])
def test_links_in_a_run_are_refused_and_what_they_lead_to_stays(tmp_path, planted):
    foreign = tmp_path / "foreign"
    (foreign / "work").mkdir(parents=True)
    (foreign / "work" / "thesis.txt").write_text("years of work")
    link = tmp_path / planted
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(foreign)
    with (
        pytest.raises(RunError, match=f"{planted} is a symbolic link"),
        RunFolder(tmp_path / "run").lock(),
    ):
        pass
    assert [str(path.relative_to(foreign)) for path in sorted(foreign.rglob("*"))] == [
        "work",
        "work/thesis.txt",
    ]


def test_results_that_are_a_link_to_another_disk_are_used(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "results").symlink_to(tmp_path / "disk")
    with RunFolder(tmp_path / "results" / "run").lock():
        assert (tmp_path / "disk" / "run" / ".lock").is_file()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[1]", b"null", b'"x"'])
def test_a_manifest_that_is_none_is_refused(tmp_path, content):
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(RunError, match=r"manifest.json (is not JSON|holds)"):
        RunFolder(tmp_path).manifest()


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" * 100])
def test_a_table_that_is_none_is_refused(tmp_path, content):
    (tmp_path / "a.parquet").write_bytes(content)
    with pytest.raises(RunError, match=r"a.parquet cannot be read"):
        RunFolder(tmp_path).table("a")


def test_a_table_that_was_changed_after_the_run_is_refused(tmp_path):
    folder = RunFolder(tmp_path)
    entry = folder.write_table("a", TABLE)
    write_json(tmp_path / "manifest.json", {"format": 1, "tables": {"a": entry}})
    pd.testing.assert_frame_equal(folder.table("a"), TABLE)
    write_parquet(tmp_path / "a.parquet", TABLE + 1)
    with pytest.raises(RunError, match="does not have the SHA-256"):
        folder.table("a")


def ended(folder: RunFolder, error: BaseException, *files: str) -> None:
    """A start that has written files and ends with an error."""
    with pytest.raises(type(error)), folder.lock():
        ending(folder, error, *files)


def ending(folder: RunFolder, error: BaseException, *files: str) -> None:
    for file in files:
        write_json(folder.path / file, {})
    raise error


BEGUN = ("work/config.json", "work/signed/description.json")  # what is signed is in the cache


def test_a_refused_run_leaves_nothing(tmp_path):
    ended(RunFolder(tmp_path / "results" / "run"), RunError("refused"), *BEGUN)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_has_measured_or_was_interrupted_leaves_what_it_has(tmp_path):
    folder, other = RunFolder(tmp_path / "run"), RunFolder(tmp_path / "other")
    ended(folder, KeyboardInterrupt(), *BEGUN)
    ended(folder, RunError("refused"))  # which has not made it
    ended(other, RunError("full"), *BEGUN, "work/one/loaded.json")
    assert all((folder.path / file).is_file() for file in BEGUN)
    assert (other.work / "one" / "loaded.json").is_file()


def test_a_folder_that_another_holds_stays(tmp_path):
    folder = RunFolder(tmp_path / "run")
    with folder.lock():
        with pytest.raises(RunError, match="another process"):
            RunFolder(folder.path).lock().__enter__()
        assert folder.path.is_dir()


def test_seconds_add_up_over_restarts(tmp_path):
    path = tmp_path / "seconds.json"
    watch = Stopwatch(path)
    with watch.time("sign"):
        pass
    watch.seconds["sign"] = 2.0
    with watch.time("index"):
        pass
    again = Stopwatch(path)
    with again.time("sign"):
        pass
    assert again.seconds["sign"] >= 2.0
    assert set(Stopwatch(path).seconds) == {"sign", "index"}


def test_a_stage_within_another_counts_for_itself_alone(tmp_path, monkeypatch):
    now = iter([0.0, 1.0, 4.0, 10.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(now))
    watch = Stopwatch(tmp_path / "seconds.json")
    with watch.time("measure"), watch.time("search"):
        pass
    assert watch.seconds == {"search": 3, "measure": 7}


def test_a_failed_stage_is_not_counted(tmp_path):
    watch = Stopwatch(tmp_path / "seconds.json")
    with pytest.raises(KeyError), watch.time("sign"):
        raise KeyError
    assert watch.seconds == {}


def test_stages_are_told_where_bars_cannot_be_seen(tmp_path):
    told = []
    with Stopwatch(tmp_path / "seconds.json", told.append).time("sign"):
        pass
    assert told == ["sign: 0.0 s"]
