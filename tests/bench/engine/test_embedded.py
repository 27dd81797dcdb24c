"""Engines of our own: how they start, stay and go."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from bench.engine import Engine, EngineState, engine_status, open_engine
from bench.engine.errors import EngineBusyError, EngineStartError
from bench.engine.folder import engine_account
from tests.shared import DISTRIBUTION

pytestmark = pytest.mark.engine

#: Elasticsearch is started by a launcher that stays, which is Java too.
JAVAS = 2 if DISTRIBUTION.engine == "elasticsearch" else 1

RUN = """
import json, sys, time
from pathlib import Path
from bench.engine import engine_status, open_engine, terminated_as_exception
from tests.shared import DISTRIBUTION

folder = Path(sys.argv[1]).resolve()
opening = open_engine(folder, heap="512m", distribution=DISTRIBUTION)
with terminated_as_exception(), opening as engine:
    found = engine.client.options(ignore_status=404).get(index="kept", id="1")
    state = next(state for state in engine_status() if state.url == engine.url)
    print(json.dumps([state.pid, state.server_pid, found.get("_source")]), flush=True)
    engine.client.index(index="kept", id="1", document={"said": "stay"}, refresh=True)
    print("indexed", flush=True)
    try:
        time.sleep(600)
    finally:
        print("unwinding", flush=True)
"""


def state_of(engine: Engine) -> EngineState:
    return next(state for state in engine_status() if state.url == engine.url)


def family(state: EngineState) -> list[psutil.Process]:
    supervisor = psutil.Process(state.pid)
    return [supervisor, *supervisor.children(recursive=True)]


class Run:
    """A harness in a process of its own."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN, str(folder)], stdout=subprocess.PIPE, env=env
        )
        pid, _server, self.found = json.loads(self.line())
        assert self.line() == b"indexed\n"
        supervisor = psutil.Process(pid)
        self.family = [supervisor, *supervisor.children(recursive=True)]

    def line(self) -> bytes:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def wait_gone(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    deadline = time.monotonic() + seconds
    left = processes
    while left and time.monotonic() < deadline:
        left = [one for one in left if one.is_running() and one.status() != "zombie"]
        time.sleep(0.1)
    return left


@pytest.fixture
def runs(open_folder: Path, engine_env: dict[str, str]) -> Iterator[Any]:
    started: list[Run] = []

    def start() -> Run:
        started.append(Run(open_folder / "own", engine_env))
        return started[-1]

    yield start
    for run in started:
        run.close()
        assert wait_gone(run.family, 40) == []


def test_listens_on_loopback_only(engine: Engine) -> None:
    listening = [
        connection.laddr.ip
        for process in family(state_of(engine))
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) == 2  # HTTP and transport
    assert set(listening) <= {"127.0.0.1", "::ffff:127.0.0.1"}


def test_runs_unprivileged_and_apart_from_the_terminal(engine: Engine) -> None:
    account = engine_account()
    supervisor, *java = family(state_of(engine))
    assert supervisor.pid == os.getsid(supervisor.pid) != os.getsid(0)
    assert [process.name() for process in java] == ["java"] * JAVAS
    for process in java:
        uids, gids = process.uids(), process.gids()
        if account is None:
            assert set(uids) == {os.geteuid()}
        else:
            assert (set(uids), set(gids)) == ({account.uid}, {account.gid})
            groups = Path(f"/proc/{process.pid}/status")
            if groups.exists():
                line = next(x for x in groups.read_text().splitlines() if x.startswith("Groups:"))
                assert line.split() == ["Groups:"]


def test_gets_nothing_of_our_environment(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    _, *java = family(state_of(engine))
    for process in java:
        assert set(process.environ()) & set(os.environ) <= {
            *("PATH", "HOME", "LANG", "PWD", "SHLVL", "_", "HOSTNAME", "OLDPWD", "ES_JAVA_HOME"),
        }


def test_writes_nothing_outside_of_its_folder(engine: Engine, session_engine_folder: Path) -> None:
    _, *java = family(state_of(engine))
    # Java puts its performance counters there unless told not to, whatever TMPDIR says.
    counters = [f"hsperfdata_*/{process.pid}" for process in java]
    assert [found for name in counters for found in Path("/tmp").glob(name)] == []  # noqa: S108
    opened = [file.path for file in java[-1].open_files() if file.mode != "r"]
    own = str(session_engine_folder.resolve())
    assert [path for path in opened if not path.startswith(own)] == []


def test_one_engine_a_folder(
    engine: Engine, session_engine_folder: Path, engine_env: dict[str, str]
) -> None:
    with (
        pytest.raises(EngineBusyError, match="Another run uses the engine"),
        open_engine(session_engine_folder, env=engine_env),
    ):
        pass
    assert engine.client.cluster.health()["status"] in ("green", "yellow")


@pytest.mark.slow
def test_killed_terminated_and_started_again_with_its_data(runs: Any) -> None:
    first = runs()
    assert first.found is None
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    # At once: the second waits for the first one's server to leave the folder.
    second = runs()
    assert wait_gone(first.family, 1) == []
    assert second.found == {"said": "stay"}
    assert second.end(signal.SIGTERM) == 128 + signal.SIGTERM
    assert second.line() == b"unwinding\n"
    assert wait_gone(second.family, 1) == []


def supervisors() -> list[psutil.Process]:
    running = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it has ended since
            if process.status() != psutil.STATUS_ZOMBIE:
                running.append(process)
    return running


@pytest.mark.slow
def test_a_java_that_ends_is_noticed_at_once_and_quoted(
    open_folder: Path, engine_env: dict[str, str]
) -> None:
    before = len(supervisors())
    began = time.monotonic()
    with (
        pytest.raises(EngineStartError, match="ended while it started") as caught,
        open_engine(open_folder / "own", heap="1m", env=engine_env, distribution=DISTRIBUTION),
    ):
        pass
    assert time.monotonic() - began < 60
    assert "Too small" in str(caught.value)  # Java's own words about the heap
    assert "Its heap of 1m is too small: give it a larger one" in str(caught.value)
    assert len(supervisors()) == before


@pytest.mark.slow
def test_out_of_time(open_folder: Path, engine_env: dict[str, str]) -> None:
    before = len(supervisors())
    with (
        pytest.raises(
            EngineStartError, match="slow or busy: end other programs and repeat the command"
        ),
        open_engine(
            open_folder / "own",
            heap="512m",
            env=engine_env,
            distribution=DISTRIBUTION,
            start_timeout=1.5,
        ),
    ):
        pass
    assert len(supervisors()) == before
    assert not any(str(open_folder) in state.folder for state in engine_status())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("nodes", "started"),
    # The first Java is one that is asked for its version, before any server is started.
    sorted({(1, 1), (1, JAVAS), (2, 2 * JAVAS)}),
)
def test_a_start_that_is_interrupted_leaves_nothing(
    open_folder: Path, engine_env: dict[str, str], nodes: int, started: int
) -> None:
    def javas() -> int:
        count = 0
        for process in supervisors():
            with suppress(psutil.NoSuchProcess):  # it has ended since
                count += process.name() == "java"
        return count

    before, others = len(supervisors()), javas()  # of the engine that other tests share
    sent: list[float] = []

    def interrupt() -> None:
        while javas() < others + started:
            time.sleep(0.02)
        sent.append(time.monotonic())
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    thread = threading.Thread(target=interrupt, daemon=True)
    thread.start()
    with (
        pytest.raises(KeyboardInterrupt),
        open_engine(
            open_folder / "own",
            heap="256m",
            nodes=nodes,
            env=engine_env,
            distribution=DISTRIBUTION,
        ),
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
