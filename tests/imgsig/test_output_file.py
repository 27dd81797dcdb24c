"""What a user names is written whole; what is no regular file stays what it is."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from imgsig.output_file import aside_of, is_kept, replaced, written


def write(path: Path, data: bytes = b"new") -> None:
    with written(path) as file:
        file.write(data)


def test_a_file_is_seen_whole_or_not_at_all(tmp_path):
    path = tmp_path / "file"
    for before in (None, b"old"):
        with pytest.raises(ZeroDivisionError), written(path) as file:  # noqa: PT012
            file.write(b"half")
            file.flush()
            assert (path.read_bytes() if path.exists() else None) == before
            raise ZeroDivisionError
        assert [each.name for each in tmp_path.iterdir()] == (["file"] if before else [])
        path.write_bytes(b"old")
    write(path)
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_one_and_its_target_is_replaced(tmp_path, there):
    (tmp_path / "a").mkdir()
    link, target = tmp_path / "link", tmp_path / "a" / "target"
    link.symlink_to("a/target")
    if there:
        target.write_bytes(b"old")
    write(link)
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert list(target.parent.iterdir()) == [target]


def test_in_our_own_folders_no_link_is_followed(tmp_path):
    """Whoever plants one there cannot have a file elsewhere written."""
    foreign, path = tmp_path / "foreign", tmp_path / "run" / "page.html"
    path.parent.mkdir()
    foreign.write_bytes(b"of somebody")
    path.symlink_to(foreign)
    aside_of(path).symlink_to(foreign)
    with replaced(path) as file:
        file.write(b"new")
    assert foreign.read_bytes() == b"of somebody"
    assert (path.is_symlink(), path.read_bytes()) == (False, b"new")


def test_a_pipe_stays_one(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        write(pipe)
        assert reader.communicate(timeout=20)[0] == b"new"
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_full_device_stays_one_and_is_named(tmp_path):
    """A device of our own: if this fails, root's `/dev/full` would be lost."""
    full = tmp_path / "full"
    try:
        os.mknod(full, 0o600 | stat.S_IFCHR, os.makedev(1, 7))
        full.open("wb").close()
    except OSError as error:
        pytest.skip(f"no device can be made here: {error}")
    assert not is_kept(full)
    with pytest.raises(OSError, match=r"No space left.*full"):
        write(full, b"x" * 100_000)
    assert stat.S_ISCHR(full.stat().st_mode)


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/dev/../dev/fd/1"])
def test_standard_output_is_appended_to_where_it_is(tmp_path, name):
    path = tmp_path / "all"
    path.write_bytes(b"before\n")
    code = (
        "import sys\nfrom pathlib import Path\nfrom imgsig.output_file import written\n"
        "with written(Path(sys.argv[1])) as file:\n    file.write(b'new')\n"
    )
    inode = path.stat().st_ino
    with path.open("ab") as output:
        subprocess.run([sys.executable, "-c", code, name], stdout=output, check=True)
    assert path.read_bytes() == b"before\nnew"
    assert path.stat().st_ino == inode


@pytest.mark.parametrize("name", ["x" * 255, "x" * 249, "ü" * 127])
def test_names_as_long_as_can_be(tmp_path, name):
    write(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_error_names_what_the_user_has_named(tmp_path):
    path = tmp_path / "none" / "file"
    with pytest.raises(FileNotFoundError) as caught:
        write(path)
    assert caught.value.filename == str(path)
