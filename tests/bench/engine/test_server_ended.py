"""A server that has ended is told from errors of one that runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from elastic_transport import ConnectionError as TransportConnectionError

from bench.engine.embedded import ended_as_error
from bench.engine.errors import EngineDiskError, EngineEndedError
from bench.engine.state import EngineState
from bench.runs.errors import MeasurementError


def server_state(folder: Path, pid: int, created: float) -> EngineState:
    own = psutil.Process().create_time()
    return EngineState(
        str(folder), "http://127.0.0.1:9", "8", "9", "1g", os.getpid(), own, pid, created, "now"
    )


@pytest.fixture
def running(tmp_path):
    return server_state(tmp_path, os.getpid(), psutil.Process().create_time())


@pytest.fixture
def ended(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    created = psutil.Process(process.pid).create_time()
    process.communicate(b"\n")
    (tmp_path / "console.log").write_text("what it said last\n")
    return server_state(tmp_path, process.pid, created)


def test_errors_of_a_server_that_runs_stay_what_they_are(running):
    with pytest.raises(ZeroDivisionError), ended_as_error([running]):
        raise ZeroDivisionError


def test_errors_that_are_not_of_an_answer_stay_what_they_are(ended):
    """A run of nodes ends one itself, and may go wrong afterwards."""
    with pytest.raises(MeasurementError, match="keep changing"), ended_as_error([ended]):
        raise MeasurementError("the shards keep changing")


def test_answers_that_go_wrong_after_its_end_do_because_of_it(running, ended):
    error = TransportConnectionError("reset")
    raised = pytest.raises(EngineEndedError, match="what it said last")
    with raised as caught, ended_as_error([running, ended]):
        raise error
    assert caught.value.__cause__ is error
    assert "console.log" in str(caught.value)
    assert "same command goes on" in str(caught.value)


@pytest.mark.parametrize(
    ("last", "remedy"),
    [
        ("Killed", "give it a smaller heap than 1g. What was done is kept"),
        ("java.lang.OutOfMemoryError: Java heap space", "Its heap of 1g is too small: give it a"),
        ("OutOfMemoryError: GC overhead limit exceeded", "Its heap of 1g is too small: give it a"),
        ("OutOfMemoryError: unable to create native thread", "give it a smaller heap than 1g"),
    ],
)
def test_a_heap_that_is_too_small_is_told_from_a_machine_that_is(ended, last, remedy):
    (Path(ended.folder) / "console.log").write_text(f"{last}\n")
    with pytest.raises(EngineEndedError, match=remedy), ended_as_error([ended]):
        raise TransportConnectionError("reset")


def test_a_full_disk_is_named_whatever_the_server_says(running, monkeypatch):
    usage = shutil.disk_usage(running.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=4096))
    error = TransportConnectionError("503, no longer master")
    raised = pytest.raises(EngineDiskError, match=r"is full.*Make room.*same command goes on")
    with raised as caught, ended_as_error([running]):
        raise error
    assert caught.value.__cause__ is error
    assert running.folder in str(caught.value)
    with pytest.raises(ZeroDivisionError), ended_as_error([running]):
        raise ZeroDivisionError  # of which a disk is not the cause


def test_success_and_interrupts_pass(ended):
    with ended_as_error([ended]):
        done = True
    assert done
    with pytest.raises(KeyboardInterrupt), ended_as_error([ended]):
        raise KeyboardInterrupt


def test_a_server_that_is_about_to_go_is_waited_for(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(0.5)"])
    state = server_state(tmp_path, process.pid, psutil.Process(process.pid).create_time())
    with pytest.raises(EngineEndedError), ended_as_error([state]):
        raise ValueError from TransportConnectionError("reset")
    process.wait()
