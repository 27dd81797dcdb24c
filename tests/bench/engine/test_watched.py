"""Servers that do not start."""

import signal
import threading
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


@pytest.mark.parametrize("nodes", [1, 2])
def test_a_start_that_is_interrupted_leaves_nothing(
    open_folder: Path, engine_env: dict[str, str], nodes: int
) -> None:
    def javas() -> int:
        return sum(process.name() == "java" for process in supervisors())

    before, others = len(supervisors()), javas()  # of the engine that other tests share
    sent: list[float] = []

    def interrupt() -> None:
        while javas() < others + 2 * nodes:
            time.sleep(0.1)
        sent.append(time.monotonic())
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    thread = threading.Thread(target=interrupt, daemon=True)
    thread.start()
    with (
        pytest.raises(KeyboardInterrupt),
        open_engine(open_folder / "own", heap="256m", nodes=nodes, env=engine_env),
    ):
        pass
    # About a second on a quiet machine; the server itself would go on starting for 10 to 20.
    assert time.monotonic() - sent[0] < 8
    assert len(supervisors()) == before
    assert list(open_folder.iterdir()) == []


def test_an_engines_link_to_elsewhere_is_refused(
    open_folder: Path, engine_env: dict[str, str]
) -> None:
    folder, foreign = open_folder / "own", open_folder / "foreign"
    folder.mkdir()
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("years of work")
    (folder / "engine.lock").touch()
    (folder / "config").symlink_to(foreign)
    with (
        pytest.raises(EngineStartError, match="config is a symbolic link"),
        open_engine(folder, env=engine_env),
    ):
        pass
    assert [path.name for path in foreign.iterdir()] == ["thesis.txt"]


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
