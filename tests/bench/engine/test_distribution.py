"""The server is fetched once, checked, and unpacked without harm."""

import hashlib
import io
import stat
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.engine.catalog import Distribution
from bench.engine.distribution import server_home, tree_digest, unpack_zip
from bench.engine.errors import DownloadError, UnsafeArchiveError
from bench.engine.folder import remove_tree

Answering = Callable[[Callable[[str, str], tuple[int, dict[str, str], bytes]]], str]


def made_zip(top: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(f"{top}/config/jvm.options", "-Xms1g\n")
        archive.writestr(f"{top}/LICENSE.txt", "licence " * 1000)
    return made.getvalue()


GOOD = made_zip("opensearch-1.0")

WANTED = Distribution("opensearch", "1.0", hashlib.sha256(GOOD).hexdigest(), 1, 17)

PATH = f"/{WANTED.group.replace('.', '/')}/opensearch/1.0/opensearch-1.0.zip"


class Repository:
    """Counts requests for the archive and answers with what it is told."""

    def __init__(self, answering: Answering) -> None:
        self.requests: list[str] = []
        self.answer: tuple[int, dict[str, str], bytes] = (200, {}, GOOD)
        self.env = {"IMGSIG_BENCH_MAVEN": answering(self._answer) + "/"}

    def _answer(self, _method: str, path: str) -> tuple[int, dict[str, str], bytes]:
        self.requests.append(path)
        return self.answer if path == PATH else (404, {}, b"")


@pytest.fixture
def repository(answering: Answering) -> Repository:
    return Repository(answering)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def leftovers(cache: Path) -> list[str]:
    return [path.name for path in (cache / "opensearch").iterdir() if path.suffix != ".lock"]


def test_fetched_once_and_then_without_network(cache: Path, repository: Repository) -> None:
    home = server_home(cache, WANTED, repository.env)
    assert (home / "config" / "jvm.options").read_text() == "-Xms1g\n"
    assert repository.requests.count(PATH) == 1
    asked = len(repository.requests)
    nowhere = {"IMGSIG_BENCH_MAVEN": "http://127.0.0.1:9"}
    assert server_home(cache, WANTED, nowhere) == home
    assert len(repository.requests) == asked
    assert len(leftovers(cache)) == 1
    remove_tree(cache)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((200, {}, GOOD[:-1] + b"x"), "SHA-256"),
        ((200, {}, made_zip("other-1.0")), "SHA-256"),
        ((200, {"content-length": str(len(GOOD) + 5)}, GOOD), "could not be fetched"),
        ((404, {}, b""), "could not be fetched"),
        ((500, {}, b""), "could not be fetched"),
        ((0, {}, b""), "could not be fetched"),
    ],
    ids=["tampered", "another", "truncated", "missing", "broken", "hung-up"],
)
def test_what_goes_wrong_leaves_nothing_and_a_retry_works(
    cache: Path, repository: Repository, answer: tuple[int, dict[str, str], bytes], says: str
) -> None:
    repository.answer = answer
    with pytest.raises(DownloadError, match=says):
        server_home(cache, WANTED, repository.env)
    assert leftovers(cache) == []
    repository.answer = (200, {}, GOOD)
    assert server_home(cache, WANTED, repository.env).is_dir()
    remove_tree(cache)


def test_an_unsafe_archive_is_refused_though_its_checksum_is_right(
    cache: Path, repository: Repository
) -> None:
    evil = made_zip("..")
    wanted = Distribution("opensearch", "1.0", hashlib.sha256(evil).hexdigest(), 1, 17)
    repository.answer = (200, {}, evil)
    with pytest.raises(DownloadError, match="leads out of"):
        server_home(cache, wanted, repository.env)
    assert leftovers(cache) == []


def test_what_a_killed_run_left_is_not_taken_for_whole(cache: Path, repository: Repository) -> None:
    entry = cache / "opensearch" / f"1.0-{WANTED.sha256[:12]}"
    (entry.with_name(entry.name + ".partial") / "home" / "config").mkdir(parents=True)
    half = entry.with_name(entry.name + ".download") / PATH.lstrip("/")
    half.parent.mkdir(parents=True)
    half.write_bytes(GOOD[:50])
    assert (server_home(cache, WANTED, repository.env) / "LICENSE.txt").is_file()
    assert leftovers(cache) == [entry.name]
    remove_tree(cache)


def test_a_damaged_cache_is_fetched_again(
    cache: Path, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    licence = server_home(cache, WANTED, repository.env) / "LICENSE.txt"
    licence.chmod(0o644)
    licence.write_text("cut")
    assert server_home(cache, WANTED, repository.env) == licence.parent
    assert licence.read_text().startswith("licence licence")
    assert "damaged" in capsys.readouterr().err
    remove_tree(cache)


names = st.text("abc.-_é", min_size=1, max_size=8).filter(lambda name: name not in (".", ".."))


@given(files=st.dictionaries(names, st.binary(max_size=200), max_size=6))
def test_content_comes_out_as_it_went_in(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out"
        archive = Path(folder) / "a.zip"
        with zipfile.ZipFile(archive, "w") as made:
            made.mkdir("top")
            for name, content in files.items():
                made.writestr(f"top/d/{name}", content)
        unpack_zip(archive, "top", target)
        found = {path.name: path.read_bytes() for path in target.rglob("*") if path.is_file()}
        remove_tree(target)
    assert found == files


@pytest.mark.parametrize(
    "name",
    ["../evil", "/evil", "top/../../evil", "top/../evil", "other/evil", "top\\..\\evil", "evil"],
)
def test_nothing_leaves_the_folder(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("top/first", b"")
        made.writestr(name, b"evil")
    with pytest.raises(UnsafeArchiveError, match="leads out of"):
        unpack_zip(archive, "top", tmp_path / "in" / "out")
    assert [path.name for path in tmp_path.rglob("*")] == ["a.zip"]


@pytest.mark.parametrize(
    "kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK]
)
def test_links_and_devices_are_refused(tmp_path: Path, kind: int) -> None:
    archive = tmp_path / "a.zip"
    member = zipfile.ZipInfo("top/link")
    member.external_attr = (kind | 0o777) << 16
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(member, "/etc")
    with pytest.raises(UnsafeArchiveError, match="a link or a device"):
        unpack_zip(archive, "top", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("names", [("a", "a"), ("a", "./a"), ("a", "a/b"), ("a/b", "a"), ("",)])
def test_two_members_in_one_place_are_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in names:
            made.writestr(f"top/{name}" if name else "top", b"x")
        made.writestr("top/last", b"x")
    with pytest.raises(UnsafeArchiveError, match="where another does"):
        unpack_zip(archive, "top", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_archive_that_would_fill_the_disk_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.engine.distribution.MAX_UNPACKED", 1_000_000)
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(2):
            made.writestr(f"top/{number}", bytes(600_000))
    with pytest.raises(UnsafeArchiveError, match="1,200,000 bytes"):
        unpack_zip(archive, "top", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_member_gives_no_more_than_its_size(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("top/file", bytes(600_000))
    size = (600_000).to_bytes(4, "little")
    archive.write_bytes(archive.read_bytes().replace(size, (1_000).to_bytes(4, "little")))
    with pytest.raises(zipfile.BadZipFile):
        unpack_zip(archive, "top", tmp_path / "out")
    assert sum(path.stat().st_size for path in (tmp_path / "out").rglob("*")) < 10_000


def test_a_damaged_member_is_noticed(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("top/file", b"content" * 100)
    archive.write_bytes(archive.read_bytes().replace(b"contentcontent", b"contentCONTENT", 1))
    with pytest.raises(zipfile.BadZipFile):
        unpack_zip(archive, "top", tmp_path / "out")


def test_what_comes_out_is_read_only_and_programs_stay_programs(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    program = zipfile.ZipInfo("top/bin/run")
    program.external_attr = 0o755 << 16
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(program, b"")
        made.writestr("top/file", b"")
    unpack_zip(archive, "top", tmp_path / "out")
    modes = {
        path.relative_to(tmp_path).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in (tmp_path / "out").rglob("*")
    }
    remove_tree(tmp_path / "out")
    assert modes == {"out/bin": 0o555, "out/bin/run": 0o555, "out/file": 0o444}
    assert not (tmp_path / "out").exists()


def test_the_digest_sees_every_change(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "a").mkdir(parents=True)
    (tree / "a" / "one").write_text("1")
    seen = {tree_digest(tree)}
    (tree / "a" / "one").write_text("2")
    seen.add(tree_digest(tree))
    (tree / "a" / "one").chmod(0o755)
    seen.add(tree_digest(tree))
    (tree / "a" / "one").rename(tree / "one")
    seen.add(tree_digest(tree))
    (tree / "more").touch()
    seen.add(tree_digest(tree))
    assert len(seen) == 5


def test_removing_a_link_leaves_what_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    remove_tree(tmp_path / "link")
    remove_tree(tmp_path / "never there")
    assert (tmp_path / "kept").is_dir()
    assert not (tmp_path / "link").is_symlink()
