"""A server of one's own: what it is started with, and the harness' side of its supervisor."""

import json
import os
import selectors
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import UnionType

from elastic_transport import ConnectionError as TransportConnectionError
from elastic_transport import TransportError
from elasticsearch import ApiError

from bench.engine.catalog import Distribution
from bench.engine.client import Client, connect, wait_until_healthy
from bench.engine.distribution import find_java, reachable_java, server_home
from bench.engine.errors import (
    EngineDiskError,
    EngineEndedError,
    EngineFolderError,
    EngineStartError,
    EngineStopError,
    notice,
)
from bench.engine.folder import (
    CONSOLE,
    SERVER_LOCK,
    SUPERVISOR_LOG,
    barrier,
    engine_account,
    memory_remedy,
    tail,
)
from bench.engine.server import Plan
from bench.engine.state import GRACE, EngineState, kill_left_over, read_state, state_file, stop_tree
from bench.engine.stopping import stop_engine

#: What names of variables end in that a supervisor gets not: those of another cluster begin so.
_SECRETS = ("ES_API_KEY", "ES_PASSWORD", "ES_USER", "ES_URL")
#: With fewer bytes free, a server can write neither its log of operations nor its state.
FULL = 10_000_000
#: Seconds that a process with a large memory takes to go after its connections have gone.
_GOING = 5.0
_TICK = 0.05


def make_plan(
    folder: Path,
    distribution: Distribution,
    heap: str,
    env: Mapping[str, str],
    cache: Path,
    *,
    password: str = "",
    member: str = "",
    members: str = "",
) -> Plan:
    """Find the server and a Java for it, and say how it is to be started."""
    account = engine_account()
    java_home = reachable_java(find_java(distribution, env), account, cache)
    home = server_home(cache, distribution, env)
    blocked = barrier(home, account)
    if blocked is not None:
        raise EngineFolderError(
            f"The server runs as an unprivileged user, who may not enter {blocked} on the way to "
            f"{home}. Make that folder searchable for others (chmod o+x), or set "
            "IMGSIG_BENCH_CACHE to another."
        )
    jar = next((home / "lib").glob("lucene-core-*.jar"))
    return Plan(
        folder=folder,
        home=home,
        java_home=java_home,
        heap=heap,
        engine=distribution.engine,
        version=distribution.version,
        lucene=jar.stem.removeprefix("lucene-core-"),
        state_file=state_file(folder, cache),
        password=password,
        member=member,
        members=members,
        java_options=env.get("IMGSIG_BENCH_JAVA_OPTIONS", ""),
    )


def connect_to(states: Sequence[EngineState]) -> Client:
    """Make a client of an engine of our own, with its password."""
    first = states[0]
    if first.password_file and first.credentials is None:
        raise EngineFolderError(
            f"The password of the engine at {first.url} cannot be read from {first.password_file}. "
            "Start it as the user who made it, or name another folder."
        )
    options = {"basic_auth": first.credentials} if first.credentials else {}
    return connect([state.url for state in states], engine=first.engine, **options)


def left_running(path: Path) -> EngineState | None:
    """Return a kept engine; wait for one that is about to end, clean up after one that has.

    One whose folder was deleted is stopped: its data and its password are gone.
    """
    deadline = time.monotonic() + GRACE + 20
    while (state := read_state(path)) is not None and state.running and _is_ending(state):
        if time.monotonic() > deadline:
            break  # the next one waits for the folder, and says so when it gets too long
        time.sleep(0.1)
    if state is None:
        return None
    if state.running:
        if not state.kept:
            return None
        if (Path(state.folder) / SERVER_LOCK).exists():
            return state
        notice(f"The engine at {state.url} is stopped: its folder {state.folder} was deleted.")
        stop_engine(state)
        return None
    kill_left_over(state)
    path.unlink(missing_ok=True)
    return None


def _is_ending(state: EngineState) -> bool:
    """Whether a supervisor is to end soon: with its harness, or with its server."""
    return not state.kept or not state.server_running


class WatchedServer:
    """A started engine, and the lifeline of its supervisor."""

    state: EngineState

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        # A file, not the terminal: a kept engine must not hold on to that, or to a pipe behind it.
        path = plan.folder / SUPERVISOR_LOG
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        with path.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "bench.engine.supervisor", str(plan.folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,
                cwd="/",
                env={k: v for k, v in os.environ.items() if not k.endswith(_SECRETS)},
                start_new_session=True,
            )
        with suppress(BrokenPipeError):  # it has ended, which `wait` tells
            self._send(plan.to_line())

    @property
    def has_ended(self) -> bool:
        """Whether its supervisor is gone."""
        return self._process.poll() is not None

    def wait(self, timeout: float) -> None:
        """Wait until the engine answers; whatever interrupts the wait stops it."""
        deadline = time.monotonic() + timeout
        try:
            self.state = self._first_report(deadline)
            with connect_to([self.state]) as client:
                wait_until_healthy(client, max(deadline - time.monotonic(), 1.0))
        except BaseException as error:
            if not isinstance(error, Exception):
                notice("Interrupted: the engine is stopped.")
            self.stop()
            raise

    def _send(self, line: str) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(line.encode() + b"\n")

    def _first_report(self, deadline: float) -> EngineState:
        received = b""
        with selectors.DefaultSelector() as selector:
            pipe = self._process.stdout
            if pipe is not None:
                selector.register(pipe, selectors.EVENT_READ)
            while pipe is not None and not received.endswith(b"\n"):
                if not selector.select(max(deadline - time.monotonic(), 0)):
                    raise EngineStartError(
                        f"{self._plan.title} does not listen yet, and it was given no more time. "
                        f"The end of its output:\n{tail(self._plan.folder / CONSOLE)}\n"
                        "The machine is slow or busy: end other programs and repeat the command, "
                        "or name a cluster that runs, with ES_URL."
                    )
                got = os.read(pipe.fileno(), 65536)
                if not got:
                    break
                received += got
        if not received.endswith(b"\n"):
            raise EngineStartError(
                "The engine's supervisor ended. The end of its output:\n"
                f"{tail(self._plan.folder / SUPERVISOR_LOG)}\nStart it again."
            )
        message = json.loads(received)
        if "error" in message:
            raise EngineStartError(message["error"])
        return EngineState(**message)

    def let_go(self) -> None:
        """Let the engine stop, without waiting for it."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def stop(self) -> None:
        """Stop the engine and wait until its processes are gone."""
        self.let_go()
        try:
            self._process.wait(GRACE + 20)
        except subprocess.TimeoutExpired:
            if left := stop_tree(self._process.pid, 5):
                raise EngineStopError(
                    f"Processes {left} of the engine in {self._plan.folder} do not end. Kill them."
                ) from None
            self._process.wait(5)

    def keep(self) -> EngineState:
        """Let the engine run on when this process ends."""
        try:
            self._send("keep")
        except BrokenPipeError:
            self.stop()
        deadline = time.monotonic() + 10
        while self._process.poll() is None and time.monotonic() < deadline:
            state = read_state(self._plan.state_file)
            if state is not None and state.kept:
                self.let_go()
                # Not ours to wait for any more; None would be warned of when this object goes.
                self._process.returncode = 0
                return state
            time.sleep(0.05)
        self.stop()
        raise EngineStartError(
            f"The engine in {self._plan.folder} has ended, so it cannot be kept. The end of its "
            f"output:\n{tail(self._plan.folder / CONSOLE)}\nStart it again."
        )


@contextmanager
def ended_as_error(states: Sequence[EngineState]) -> Iterator[None]:
    """Raise `EngineEndedError` where a server's answer goes wrong because one has ended.

    Other errors stay what they are: a run may end a node itself, and go wrong afterwards.
    """
    try:
        yield
    except Exception as error:
        if not _has_cause(error, ApiError | TransportError):
            raise
        full = _full(states) if isinstance(error, ApiError | TransportError) else None
        if full is not None:
            raise EngineDiskError(
                f"The disk of {full.folder} is full, so {full.title} cannot go on. Make room on "
                "it, or name another disk with --results. What was done is kept: the same command "
                "goes on from there."
            ) from error
        # Only after a lost connection is it worth waiting: other errors are of servers that answer.
        ended = _ended(states, _GOING if _has_cause(error, TransportConnectionError) else 0.0)
        if ended is None:
            raise
        console = Path(ended.folder) / CONSOLE
        raise EngineEndedError(
            f"{ended.title} ended while it was in use. The end of its output, {console}:\n"
            f"{tail(console, 3)}\n"
            f"{memory_remedy(console, ended.heap)}. What was done is kept: the same command goes "
            "on from there."
        ) from error


def _full(states: Sequence[EngineState]) -> EngineState | None:
    for state in states:
        # A folder that has gone has other troubles.
        with suppress(OSError):
            if shutil.disk_usage(state.folder).free < FULL:
                return state
    return None


def _ended(states: Sequence[EngineState], seconds: float) -> EngineState | None:
    deadline = time.monotonic() + seconds
    while True:
        for state in states:
            if not state.server_running:
                return state
        if time.monotonic() > deadline:
            return None
        time.sleep(_TICK)


def _has_cause(error: BaseException | None, kinds: type | UnionType) -> bool:
    """Whether an error, or what it came from, is of these kinds."""
    while error is not None:
        if isinstance(error, kinds):
            return True
        error = error.__cause__ or error.__context__
    return False
