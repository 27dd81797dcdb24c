"""An engine's folder is its own, and its server's account can reach it."""

import os
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.engine import folder as engine_folder
from bench.engine.errors import EngineBusyError, EngineFolderError
from bench.engine.folder import (
    Account,
    barrier,
    claim,
    discard,
    engine_account,
    may_enter,
    place,
    tail,
)
from bench.engine.server import prepare
from tests.bench.engine.plans import made_plan

STRANGER = Account("stranger", os.geteuid() + 12345, os.getegid() + 12345)


def test_root_hands_the_server_to_nobody_and_others_keep_it() -> None:
    account = engine_account()
    assert (account is not None) == (os.geteuid() == 0)
    if account is not None:
        assert (account.name, account.uid != 0, account.gid != 0) == ("nobody", True, True)


@given(mode=st.integers(0, 0o777))
def test_exactly_one_class_of_bits_decides(mode: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        status = folder.stat()
        folder.chmod(mode)
        accounts = [
            Account("owner", status.st_uid, STRANGER.gid),
            Account("group", STRANGER.uid, status.st_gid),
            STRANGER,
        ]
        allowed = [may_enter(folder, account) for account in accounts]
        folder.chmod(0o700)
    assert allowed == [bool(mode & 0o100), bool(mode & 0o010), bool(mode & 0o001)]


def test_names_the_first_folder_in_the_way(open_folder: Path) -> None:
    closed = open_folder / "closed"
    (closed / "inside").mkdir(parents=True)
    closed.chmod(0o700)
    assert barrier(closed / "inside" / "not there", STRANGER) == closed.resolve()
    assert barrier(closed / "inside", None) is None
    closed.chmod(0o711)
    assert barrier(closed / "inside", STRANGER) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_agrees_with_the_kernel(open_folder: Path) -> None:
    account = engine_account()
    assert account is not None
    for mode in (0o700, 0o710, 0o711, 0o755, 0o701):
        open_folder.chmod(mode)
        entered = subprocess.run(
            ["/bin/sh", "-c", 'cd "$0"', open_folder],
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            stderr=subprocess.DEVNULL,
            check=False,
        )
        denied = entered.returncode != 0
        assert (barrier(open_folder, account) is not None) == denied, oct(mode)


def test_a_folder_within_reach_is_used_itself(open_folder: Path) -> None:
    (open_folder / "link").symlink_to(open_folder)
    assert place(open_folder / "link" / "e", open_folder) == (open_folder / "e").resolve()


def test_a_folder_out_of_reach_of_nobody_moves_to_the_cache(open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    (open_folder / "cache").mkdir()
    placed = place(closed / "run", open_folder / "cache")
    if os.geteuid() != 0:  # nobody is asked to run it for us
        assert placed == (closed / "run").resolve()
        return
    assert placed.parent == open_folder / "cache" / "engine-data"
    assert placed.parent.is_dir()
    assert placed == place(closed / "run", open_folder / "cache")
    assert placed != place(closed / "other", open_folder / "cache")
    with pytest.raises(EngineFolderError, match="IMGSIG_BENCH_CACHE"):
        place(closed / "run", closed / "cache")


def test_one_at_a_time(open_folder: Path) -> None:
    with (
        claim(open_folder / "e"),
        pytest.raises(EngineBusyError, match="Another run"),
        claim(open_folder / "e"),
    ):
        pass
    with claim(open_folder / "e"):
        assert (open_folder / "e").is_dir()


def test_never_in_a_folder_with_other_peoples_files(open_folder: Path) -> None:
    (open_folder / "data").mkdir()
    with pytest.raises(EngineFolderError, match="no engine wrote"), claim(open_folder):
        pass
    assert [path.name for path in open_folder.iterdir()] == ["data"]


def test_a_file_instead_of_a_folder(open_folder: Path) -> None:
    (open_folder / "file").touch()
    with (
        pytest.raises(EngineFolderError, match="cannot be used"),
        claim(open_folder / "file" / "e"),
    ):
        pass


def test_private_and_owned_by_who_runs_the_server(open_folder: Path, small_home: Path) -> None:
    folder = open_folder / "e"
    plan = made_plan(folder, small_home)
    with claim(folder):
        account = prepare(plan)
        (folder / "data" / "kept").touch()
        assert prepare(plan) == account
    assert account == engine_account()
    owner = account.uid if account else os.geteuid()
    for name in ("config", "data", "logs", "tmp", "config/elasticsearch.yml"):
        assert (folder / name).stat().st_uid == owner, name
    for name in ("config", "data", "logs", "tmp"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o700, name
    assert stat.S_IMODE(folder.stat().st_mode) == (0o711 if account else 0o700)
    assert folder.stat().st_uid == os.geteuid()
    assert (folder / "data" / "kept").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_a_way_that_is_closed_is_said_before_the_server_fails(
    open_folder: Path, small_home: Path
) -> None:
    with claim(open_folder / "on the way" / "e"):
        (open_folder / "on the way").chmod(0o700)
        with pytest.raises(EngineFolderError, match=r"may not enter .*on the way on the way"):
            prepare(made_plan(open_folder / "on the way" / "e", small_home))


@pytest.mark.skipif(os.geteuid() != 0, reason="needs files of another user")
def test_data_of_another_user_are_left_alone(open_folder: Path, small_home: Path) -> None:
    with claim(open_folder / "e"):
        plan = made_plan(open_folder / "e", small_home)
        prepare(plan)
        os.chown(open_folder / "e" / "data", 54321, 54321)
        with pytest.raises(EngineFolderError, match="belongs to user id 54321"):
            prepare(plan)


def test_the_end_of_a_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert tail(log) == "    (nothing)"
    log.write_bytes(b"".join(b"%d\n\n" % number for number in range(50)) + b"\xff" + b"x" * 1000)
    lines = tail(log, 3).splitlines()
    assert lines[:2] == ["    48", "    49"]
    assert len(lines[2]) == 304


def test_discard_deletes_an_engine_and_nothing_else(open_folder: Path) -> None:
    mine = open_folder / "mine"
    with claim(mine):
        (mine / "data").mkdir()
    discard(mine, open_folder / "cache")
    assert not mine.exists()
    discard(mine, open_folder / "cache")
    (open_folder / "other").mkdir()
    (open_folder / "other" / "thesis.txt").write_text("years of work")
    with pytest.raises(EngineFolderError, match="no engine wrote"):
        discard(open_folder / "other", open_folder / "cache")
    assert (open_folder / "other" / "thesis.txt").exists()


@pytest.mark.parametrize("removed", range(4))
def test_discard_goes_on_where_it_was_interrupted(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch, removed: int
) -> None:
    mine = open_folder / "mine"
    with claim(mine):
        for name in ("config", "data", "logs"):
            (mine / name).mkdir()
        (mine / "server.lock").touch()
    remove, done = engine_folder.remove_tree, []

    def interrupted(path: Path) -> None:
        if len(done) == removed:
            raise KeyboardInterrupt
        done.append(path)
        remove(path)

    with monkeypatch.context() as patch:
        patch.setattr(engine_folder, "remove_tree", interrupted)
        with pytest.raises(KeyboardInterrupt):
            discard(mine, open_folder / "cache")
    assert len(list(mine.iterdir())) == 5 - removed
    discard(mine, open_folder / "cache")
    assert not mine.exists()
