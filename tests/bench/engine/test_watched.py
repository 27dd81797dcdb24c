"""Servers that do not start."""

import time
from pathlib import Path

import psutil
import pytest

from bench.engine import engine_status, open_engine
from bench.engine.errors import EngineStartError

pytestmark = pytest.mark.engine


def supervisors() -> list[psutil.Process]:
    return [
        process
        for process in psutil.Process().children(recursive=True)
        if process.status() != psutil.STATUS_ZOMBIE
    ]


def test_a_java_that_ends_is_noticed_at_once_and_quoted(
    open_folder: Path, engine_env: dict[str, str]
) -> None:
    before = len(supervisors())
    began = time.monotonic()
    with (
        pytest.raises(EngineStartError, match="ended while it started") as caught,
        open_engine(open_folder / "own", heap="1m", env=engine_env),
    ):
        pass
    assert time.monotonic() - began < 60
    assert "Too small" in str(caught.value)  # Java's own words about the heap
    assert len(supervisors()) == before


def test_out_of_time(open_folder: Path, engine_env: dict[str, str]) -> None:
    before = len(supervisors())
    with (
        pytest.raises(EngineStartError, match="start_timeout"),
        open_engine(open_folder / "own", heap="512m", env=engine_env, start_timeout=1.5),
    ):
        pass
    assert len(supervisors()) == before
    assert not any(str(open_folder) in state.folder for state in engine_status())


def test_a_folder_that_cannot_be_written(open_folder: Path, engine_env: dict[str, str]) -> None:
    folder = open_folder / "own"
    folder.mkdir()
    (folder / "engine.lock").touch()
    (folder / "config").write_text("a file where a folder must be")
    with (
        pytest.raises(
            EngineStartError, match=r"could not be started: .*config.*the disk is not full"
        ),
        open_engine(folder, env=engine_env),
    ):
        pass
    assert (folder / "config").read_text() == "a file where a folder must be"
