"""Engines that run on from before: used again, or stopped where their folder was deleted."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bench.engine.embedded import left_running
from bench.engine.folder import SERVER_LOCK
from bench.engine.state import EngineState, state_file, write_state


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EngineState]:
    """A process in place of a supervisor, and what is written down of a kept engine."""
    monkeypatch.setenv("IMGSIG_BENCH_CACHE", str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        created = psutil.Process(process.pid).create_time()
        state = EngineState(
            folder=str(tmp_path / "own"),
            url="http://127.0.0.1:1",
            version="9.2.4",
            lucene="10.3.2",
            heap="1g",
            pid=process.pid,
            created=created,
            server_pid=process.pid,
            server_created=created,
            started_at="2026-01-01T00:00:00+00:00",
            password_file=str(tmp_path / "own" / "password"),
            kept=True,
        )
        write_state(state, state_file(Path(state.folder), tmp_path))
        yield state
        process.kill()


def test_a_kept_engine_is_used_again(kept: EngineState, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / SERVER_LOCK).touch()
    assert left_running(state_file(tmp_path / "own", tmp_path)) == kept
    assert kept.running


@pytest.mark.parametrize("made_again", [False, True])
def test_one_whose_folder_was_deleted_is_stopped(
    kept: EngineState, tmp_path: Path, capsys: pytest.CaptureFixture[str], made_again: bool
) -> None:
    if made_again:  # by who is to start an engine in it
        (tmp_path / "own").mkdir()
    path = state_file(tmp_path / "own", tmp_path)
    assert left_running(path) is None
    assert not kept.running
    assert not path.exists()
    said = f"engine at {kept.url} is stopped: its folder {kept.folder} was deleted"
    assert said in capsys.readouterr().err
