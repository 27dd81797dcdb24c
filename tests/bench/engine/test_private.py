"""Who can reach a running engine: nobody from outside, and no other user its files."""

import os
import stat
import sys
from pathlib import Path

import pytest

from bench.engine import Engine, EngineState, engine_status
from bench.engine.embedded import WatchedServer
from tests.bench.engine.plans import made_plan
from tests.faults.reach import is_loopback, listening, processes


def state_of(engine: Engine) -> EngineState:
    return next(state for state in engine_status() if state.url == engine.url)


@pytest.mark.engine
def test_every_socket_it_listens_on_is_of_loopback(engine: Engine) -> None:
    sockets = listening(state_of(engine))
    ports = {port for _, port in sockets}
    assert int(engine.url.rpartition(":")[2]) in ports
    assert len(ports) >= 2  # http and transport
    for address, port in sockets:
        assert is_loopback(address), f"{address}:{port}"


@pytest.mark.engine
def test_its_files_are_of_its_user_alone(engine: Engine, session_engine_folder: Path) -> None:
    assert engine.url
    folder = session_engine_folder
    assert not stat.S_IMODE(folder.stat().st_mode) & 0o066  # may be passed through, not listed
    for name in ("config", "data", "logs", "tmp"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o700
    open_to_others = [
        path
        for path in folder.iterdir()
        if path.is_file() and path.suffix != ".lock" and path.stat().st_mode & 0o077
    ]
    assert open_to_others == []


@pytest.mark.engine
def test_the_server_is_never_root_and_has_none_of_the_environment(engine: Engine) -> None:
    servers = [process for process in processes(state_of(engine)) if "java" in process.name()]
    assert servers
    for process in servers:
        assert process.uids().effective != 0
        assert os.geteuid() in (0, process.uids().effective)
        names = set(process.environ())
        assert not {name for name in names if name.startswith("ES_")} - {
            "ES_JAVA_HOME",
            "ES_PATH_CONF",
            "ES_TMPDIR",
        }
        assert not any(word in name for name in names for word in ("KEY", "PASSWORD", "TOKEN"))


def test_the_supervisor_gets_no_credentials_of_any_cluster(tmp_path, monkeypatch) -> None:
    program, told = tmp_path / "python", tmp_path / "told"
    program.write_text(f"#!/bin/sh\nenv > '{told}'\n")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    secret = {"ES_API_KEY", "ES_PASSWORD", "ES_USER", "ES_URL"}
    secret |= {f"TARGET_{name}" for name in secret}
    for name in (*secret, "TARGET_ES_CA_CERTS"):
        monkeypatch.setenv(name, "planted")
    WatchedServer(made_plan(tmp_path)).stop()
    names = {line.partition("=")[0] for line in told.read_text().splitlines()}
    assert not names & secret
    assert {"PATH", "TARGET_ES_CA_CERTS"} <= names
