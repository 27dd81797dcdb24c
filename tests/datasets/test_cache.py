"""Where downloads are kept."""

import errno
import os
import time
from pathlib import Path

import platformdirs
import pytest

from datasets.cache import ABANDONED, cache_dir, remove_abandoned, write_entry


def test_environment_names_the_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("IMGSIG_BENCH_CACHE", str(tmp_path / "deep" / "cache"))
    assert cache_dir() == tmp_path / "deep" / "cache"
    assert cache_dir().is_dir()


def test_users_have_a_cache_of_their_own(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    monkeypatch.delenv("IMGSIG_BENCH_CACHE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert tmp_path in cache_dir().parents


def test_other_users_can_enter_the_cache_of_root(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.delenv("IMGSIG_BENCH_CACHE", raising=False)
    monkeypatch.setattr(platformdirs, "site_cache_dir", lambda name: str(tmp_path / name))
    before = os.umask(0o077)
    try:
        assert cache_dir().stat().st_mode & 0o777 == 0o755
    finally:
        os.umask(before)


def test_an_entry_is_whole_or_not_there(tmp_path, monkeypatch):
    path = tmp_path / "new" / "entry"
    write_entry(path, b"first")
    assert path.read_bytes() == b"first"

    def full(self, target):
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_entry(path, b"second")
    assert [found.name for found in path.parent.iterdir()] == ["entry"]
    assert path.read_bytes() == b"first"


def test_what_killed_runs_left_is_removed_when_it_is_old(tmp_path):
    old, new, entry = (
        tmp_path / "a" / name for name in ("tmp_0ldfile.part", "tmp_newfile.part", "entry")
    )
    old.parent.mkdir()
    foreign = tmp_path / "a" / "thesis.part"
    for path in (old, new, entry, foreign):
        path.write_bytes(b"")
    before = time.time() - ABANDONED - 60
    os.utime(old, (before, before))
    os.utime(entry, (before, before))
    os.utime(foreign, (before, before))
    remove_abandoned(tmp_path)
    assert sorted(path.name for path in old.parent.iterdir()) == [
        "entry",
        "thesis.part",
        "tmp_newfile.part",
    ]
