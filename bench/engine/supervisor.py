"""The supervisor: a process that starts one server, and stops it when nobody needs it.

Run as ``python -m bench.engine.supervisor FOLDER``, in a session of its own, so that a terminal's
Ctrl-C reaches the harness first. Standard input is its lifeline: the first line is the plan, a
line ``keep`` lets go, and its end without that means that the harness has ended, in whatever way.
Standard output gets one line of JSON: the engine's state, or what went wrong.
"""

import dataclasses
import json
import os
import select
import signal
import subprocess
import sys
import time
import traceback
from datetime import UTC, datetime
from types import FrameType

import psutil
from filelock import FileLock, Timeout

from bench.engine.errors import EngineBusyError, EngineError, EngineStartError
from bench.engine.folder import CONSOLE, SERVER_LOCK, memory_remedy, tail
from bench.engine.password import FILE
from bench.engine.server import Plan, bound_url, prepare, start_server
from bench.engine.state import GRACE, EngineState, boot_id, kill_tree, stop_tree, write_state

_PREDECESSOR = 60.0  # seconds that an engine which is still stopping has to leave the folder
_TICK = 0.2  # seconds between two looks at the server


class Supervisor:
    """What the loop needs to know; `lifeline` is a file descriptor to read from."""

    def __init__(self, lifeline: int) -> None:
        self._lifeline = lifeline
        self._unread = b""
        self._parent = os.getppid()
        self._stopping = False
        self.kept = False
        self.held: FileLock | None = None

    def take_signals(self) -> None:
        """Stop in order on SIGTERM, and on no other signal that can be ignored."""
        for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
            signal.signal(ignored, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self._on_sigterm)

    def _on_sigterm(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def read_line(self) -> str:
        """Wait for the next line of the lifeline; what there is when it ends before."""
        while b"\n" not in self._unread:
            got = os.read(self._lifeline, 65536)
            if not got:
                break
            self._unread += got
        line, _, self._unread = self._unread.partition(b"\n")
        return line.decode()

    def wanted(self) -> bool:
        """Wait for a moment, and say whether the server is to run on."""
        # A child that the harness forked may hold the lifeline open after the harness has ended,
        # so its end alone is not trusted. Asked first: what it wrote before is read below.
        orphaned = os.getppid() != self._parent
        watched = [] if self.kept else [self._lifeline]
        wait = 0.0 if orphaned and not self.kept else _TICK
        ready, _, _ = select.select(watched, [], [], wait)
        if ready:
            got = os.read(self._lifeline, 65536)
            self._unread += got
            self.kept = b"keep\n" in self._unread
            if not got and not self.kept:
                return False
        return not self._stopping and (self.kept or not orphaned)


def run(supervisor: Supervisor, plan: Plan) -> None:
    """Start the server of a plan and stay until it ends or is no longer wanted."""
    if not _take_folder(supervisor, plan):
        return
    account = prepare(plan)
    server = start_server(plan, account)
    state = None
    try:
        state = _await_bound(supervisor, plan, server)
        if state is None:
            return
        write_state(state, plan.state_file)
        _report(dataclasses.asdict(state))
        while supervisor.wanted() and server.poll() is None:
            if supervisor.kept and not state.kept:
                state = dataclasses.replace(state, kept=True)
                write_state(state, plan.state_file)
    finally:
        if state is None:  # it would go on starting for as long as it takes, and only then end
            kill_tree(server.pid)
        else:
            stop_tree(server.pid, GRACE)
        plan.state_file.unlink(missing_ok=True)


def _take_folder(supervisor: Supervisor, plan: Plan) -> bool:
    """Wait until the folder's last server has gone; False where this one is not wanted any more."""
    lock, deadline = FileLock(plan.folder / SERVER_LOCK), time.monotonic() + _PREDECESSOR
    while True:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if time.monotonic() > deadline:
                raise EngineBusyError(
                    f"The server that ran in {plan.folder} before has not ended within "
                    f"{_PREDECESSOR:.0f} seconds. See with ps what it does, or name another folder."
                ) from None
            if not supervisor.wanted():
                return False
        else:
            supervisor.held = lock  # until the process ends
            return True


def _await_bound(
    supervisor: Supervisor, plan: Plan, server: subprocess.Popen[bytes]
) -> EngineState | None:
    while supervisor.wanted():
        if server.poll() is not None:
            raise EngineStartError(
                f"{plan.title} ended while it started, with exit code {server.returncode}. The "
                f"end of its output:\n{tail(plan.folder / CONSOLE)}\n"
                f"{memory_remedy(plan.folder / CONSOLE, plan.heap)}. All of its output is in "
                f"{plan.folder}."
            )
        url = bound_url(plan.folder)
        process = _java(plan, server.pid) if url else None
        if url and process:
            return EngineState(
                folder=str(plan.folder),
                url=url,
                engine=plan.engine,
                version=plan.version,
                lucene=plan.lucene,
                heap=plan.heap,
                pid=os.getpid(),
                created=psutil.Process().create_time(),
                server_pid=process.pid,
                server_created=process.create_time(),
                started_at=datetime.now(UTC).isoformat(timespec="seconds"),
                password_file=str(plan.folder / FILE) if plan.password else "",
                booted=psutil.boot_time(),
                boot=boot_id(),
            )
    return None


def _java(plan: Plan, pid: int) -> psutil.Process | None:
    """The server itself: Elasticsearch's is a child of its launcher, OpenSearch has none."""
    launched = psutil.Process(pid)
    if plan.engine != "elasticsearch":
        return launched
    return next(iter(launched.children(recursive=True)), None)


def _report(message: dict[str, object]) -> None:
    try:
        os.write(1, json.dumps(message).encode() + b"\n")
    except BrokenPipeError:  # the harness has ended; the lifeline says so too
        return


def main() -> int:
    """Read a plan and follow it."""
    supervisor = Supervisor(0)
    supervisor.take_signals()
    try:
        run(supervisor, Plan.from_line(supervisor.read_line()))
    except EngineError as error:
        told = str(error)
    except OSError as error:
        told = (
            f"The engine could not be started: {error}. See that its folder may be written to and "
            "that the disk is not full."
        )
    except Exception:
        told = f"The engine could not be started.\n{traceback.format_exc()}"
    else:
        return 0
    _report({"error": told})
    return 1


if __name__ == "__main__":
    sys.exit(main())
