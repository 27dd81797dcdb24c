import os
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.engine.run_as import Account, barrier, engine_account, may_enter

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
