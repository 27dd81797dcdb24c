"""Where downloads are kept."""

import os

import platformdirs

from datasets.cache import cache_dir


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
