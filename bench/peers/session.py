"""Workers that time tools: one process in the peers' environment, one in ours."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from bench.peers.environment import peer_python
from bench.peers.hashes import HASHES
from bench.runs.errors import MeasurementError

WORKER = Path(__file__).with_name("worker.py")

#: Tools that run in the peers' environment; all others run in ours.
PEER_TOOLS = (
    *("image-match", "image-match, array", "image-match, bytes", "pHash", "PDQ"),
    *(one.tool for one in HASHES),
)

#: One thread for every library that would take more, so that one core is compared with one core.
ONE_THREAD = {
    f"{library}_THREADS": "1"
    for library in ("OMP_NUM", "OPENBLAS_NUM", "MKL_NUM", "NUMEXPR_NUM", "VECLIB_MAXIMUM")
}


class ToolResult(NamedTuple):
    """What a tool made of a file, and the seconds of the call alone, measured by its process.

    The value is a signature as a list or a hash as text; None where it was not asked for.
    """

    seconds: float
    value: Any


class ToolError(MeasurementError):
    """A tool has refused a file; `kind` is the type of what it raised."""

    def __init__(self, message: str, said: str) -> None:
        super().__init__(message)
        self.kind = said.partition(":")[0]


class Session:
    """Calls tools in processes that have been started before: in our environment and the peers'."""

    def __init__(self, ours: "subprocess.Popen[str]", peers: "subprocess.Popen[str]") -> None:
        self._ours, self._peers = ours, peers

    def call(self, tool: str, path: Path, *, value: bool = False) -> ToolResult:
        """Run a tool on a file."""
        worker = self._peers if tool in PEER_TOOLS else self._ours
        if worker.stdin is None or worker.stdout is None:
            raise MeasurementError("the worker has no pipes; start it with open_session")
        try:
            request = {"tool": tool, "path": os.fspath(path), "value": value}
            worker.stdin.write(json.dumps(request) + "\n")
            worker.stdin.flush()
            line = worker.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise MeasurementError(f"the process of {tool} ended at {path}: {worker.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise ToolError(f"{tool} failed at {path}: {answer['error']}", answer["error"])
        return ToolResult(answer["ns"] / 1e9, answer.get("value"))


def cores() -> list[int]:
    """The cores that workers can be pinned to; one without a number where they cannot be."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [-1]


@contextmanager
def open_session(pinned: int | None = None) -> Iterator[Session]:
    """Start both workers on one core, by default the last, where the system can pin them.

    They never compute at the same time: each waits while the other is asked.
    """
    number = cores()[-1] if pinned is None else pinned
    core = [str(number)] if number >= 0 else []
    with ExitStack() as stack:
        workers = [
            stack.enter_context(
                subprocess.Popen(
                    [str(python), str(WORKER), *core],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    env={**os.environ, **ONE_THREAD},
                )
            )
            for python in (Path(sys.executable), peer_python())
        ]
        try:
            yield Session(workers[0], workers[1])
        finally:
            for worker in workers:
                with suppress(BrokenPipeError):  # one that was killed has left requests unread
                    if worker.stdin is not None:
                        worker.stdin.close()
                worker.kill()
