"""Running engines are found again; processes are told apart and stopped."""

import dataclasses
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bench.engine.state import (
    EngineState,
    boot_id,
    is_same_process,
    kill_left_over,
    kill_tree,
    read_state,
    state_file,
    stop_tree,
    write_state,
)


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


STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if len(sys.argv) < 3:
    subprocess.Popen([sys.executable, "-c", sys.argv[1], sys.argv[1], "leaf"])
print("ready", flush=True)
time.sleep(600)
"""


def test_a_process_is_its_id_and_its_birth() -> None:
    me = psutil.Process()
    assert is_same_process(me.pid, me.create_time())
    assert not is_same_process(me.pid, me.create_time() - 60)
    child = subprocess.Popen([sys.executable, "-c", ""])
    created = psutil.Process(child.pid).create_time()
    child.wait()
    assert not is_same_process(child.pid, created)


@pytest.fixture
def child() -> Iterator[psutil.Process]:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        yield psutil.Process(process.pid)
        process.kill()


def set_clock(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Set the clock: the system tells the boot, and all that is counted from it, so much later."""
    was = psutil.boot_time()
    monkeypatch.setattr("psutil._pslinux.boot_time", lambda: was + seconds)


@pytest.mark.skipif(sys.platform != "linux", reason="where psutil reads the time of the boot")
@pytest.mark.parametrize("seconds", [-86_400.0, 3600.0])
def test_an_engine_is_found_again_after_the_clock_was_set(
    child: psutil.Process, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    state = dataclasses.replace(state_of(child), booted=psutil.boot_time(), boot=boot_id())
    set_clock(monkeypatch, seconds)
    assert state.running
    assert state.server_running
    assert not dataclasses.replace(state, created=state.created - 3600).running
    assert not dataclasses.replace(state, server_created=state.server_created + 60).server_running


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux names its boots")
def test_a_process_of_another_boot_is_another(child: psutil.Process) -> None:
    state = dataclasses.replace(state_of(child), booted=psutil.boot_time(), boot=boot_id())
    assert state.running
    assert not dataclasses.replace(state, boot="0" * 36).running


def test_a_state_that_was_written_before_boots_were_is_read(
    child: psutil.Process, tmp_path: Path
) -> None:
    path = tmp_path / "state.json"
    said = dataclasses.asdict(state_of(child))
    del said["booted"], said["boot"]
    path.write_text(json.dumps(said))
    read = read_state(path)
    assert read == state_of(child)
    assert read.running


def test_a_zombie_is_not_there() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    created = psutil.Process(child.pid).create_time()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not is_same_process(child.pid, created)
    child.wait()


def test_who_obeys_is_not_killed() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    began = time.monotonic()
    assert stop_tree(child.pid, grace=30) == []
    assert time.monotonic() - began < 10
    assert stop_tree(child.pid, grace=30) == []
    child.wait()


def test_who_does_not_is_killed_with_its_children() -> None:
    child = subprocess.Popen([sys.executable, "-c", STUBBORN, STUBBORN], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert [child.stdout.readline() for _ in range(2)] == [b"ready\n"] * 2
    tree = psutil.Process(child.pid).children(recursive=True)
    assert len(tree) == 1
    assert stop_tree(child.pid, grace=0.2) == []
    child.wait()
    child.stdout.close()
    assert not tree[0].is_running() or tree[0].status() == psutil.STATUS_ZOMBIE


def test_who_is_starting_is_killed_with_its_children_at_once() -> None:
    child = subprocess.Popen([sys.executable, "-c", STUBBORN, STUBBORN], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert [child.stdout.readline() for _ in range(2)] == [b"ready\n"] * 2
    tree = psutil.Process(child.pid).children(recursive=True)
    began = time.monotonic()
    assert kill_tree(child.pid) == []
    # Nobody reaps the grandchild in many containers: it may not be waited for until then.
    assert time.monotonic() - began < 5
    assert kill_tree(child.pid) == []
    child.wait()
    child.stdout.close()
    assert not tree[0].is_running() or tree[0].status() == psutil.STATUS_ZOMBIE
