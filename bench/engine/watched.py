"""A server started by way of the process that watches over it."""

import json
import os
import selectors
import subprocess
import sys
import time
from contextlib import suppress

from bench.engine.client import connect, wait_until_healthy
from bench.engine.console import notice
from bench.engine.errors import EngineStartError, EngineStopError
from bench.engine.folder import CONSOLE, SUPERVISOR_LOG, tail
from bench.engine.processes import GRACE, stop_tree
from bench.engine.server_plan import Plan
from bench.engine.state import EngineState, read_state

_SECRETS = ("ES_API_KEY", "ES_PASSWORD", "ES_USER", "ES_URL")


class WatchedServer:
    """A started engine and the lifeline of the process that watches over it.

    Parameters
    ----------
    plan : Plan
        What to start.
    """

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
                env={name: value for name, value in os.environ.items() if name not in _SECRETS},
                start_new_session=True,
            )
        with suppress(BrokenPipeError):  # it has ended, which `wait` tells
            self._send(plan.to_line())

    @property
    def has_ended(self) -> bool:
        """Whether the process that watches over it is gone."""
        return self._process.poll() is not None

    def wait(self, timeout: float) -> None:
        """Wait until the engine answers; whatever comes between stops it."""
        deadline = time.monotonic() + timeout
        try:
            self.state = self._first_report(deadline)
            with connect(self.state.url) as client:
                wait_until_healthy(client, max(deadline - time.monotonic(), 1.0))
        except BaseException as error:
            if not isinstance(error, Exception):
                notice("Interrupted: Elasticsearch is stopped.")
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
                        "Elasticsearch does not listen yet, and it was given no more time. The "
                        f"end of its output:\n{tail(self._plan.folder / CONSOLE)}\n"
                        "On a slow machine allow a longer start_timeout; end other programs."
                    )
                got = os.read(pipe.fileno(), 65536)
                if not got:
                    break
                received += got
        if not received.endswith(b"\n"):
            raise EngineStartError(
                "The process that watches over the engine ended. The end of its output:\n"
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
            left = stop_tree(self._process.pid, 5)
            self._process.wait(5)
            if left:
                raise EngineStopError(
                    f"Processes {left} of the engine in {self._plan.folder} do not end. Kill them."
                ) from None

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
