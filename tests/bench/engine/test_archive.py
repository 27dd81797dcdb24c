import stat
import tempfile
import warnings
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.engine.archive import remove_tree, tree_digest, unpack_zip
from bench.engine.errors import UnsafeArchiveError

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
    monkeypatch.setattr("bench.engine.archive.MAX_UNPACKED", 1_000_000)
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
