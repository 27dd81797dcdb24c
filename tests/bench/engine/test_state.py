import dataclasses
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from bench.engine.state import EngineState, kill_left_over, read_state, state_file, write_state


def state_of(process: psutil.Process) -> EngineState:
    return EngineState(
        folder="/a folder",
        url="http://127.0.0.1:1",
        version="8.18.0",
        lucene="9.12.1",
        heap="1g",
        pid=process.pid,
        created=process.create_time(),
        server_pid=process.pid,
        server_created=process.create_time(),
        started_at="2026-01-01T00:00:00+00:00",
    )


def test_there_and_back(tmp_path: Path) -> None:
    path = state_file(Path("/a folder"), tmp_path)
    state = state_of(psutil.Process())
    write_state(state, path)
    assert read_state(path) == state
    assert state.running
    assert [found.name for found in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"url": 1}', "null"])
def test_what_is_no_state_is_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "state.json"
    assert read_state(path) is None
    path.write_text(content)
    assert read_state(path) is None


def test_folders_do_not_share_files(tmp_path: Path) -> None:
    assert state_file(Path("/a"), tmp_path) != state_file(Path("/b"), tmp_path)


def test_a_process_id_used_again_is_not_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as child:
        right = state_of(psutil.Process(child.pid))
        other = dataclasses.replace(right, server_created=right.server_created - 3600)
        kill_left_over(other)
        assert child.poll() is None
        kill_left_over(right)
        assert child.wait(10) is not None
