"""What is written down about running engines, so that a later command finds them again."""

import dataclasses
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.engine.processes import is_same_process
from imgsig.output_file import replaced


@dataclass(frozen=True)
class EngineState:
    """A running embedded engine.

    Parameters
    ----------
    folder : str
        Its folder.
    url : str
        Where it answers.
    version, lucene : str
        Of Elasticsearch and of Lucene.
    heap : str
        Size of its heap, for example ``"1g"``.
    pid : int
        Process that watches over the server; stopping it stops the server.
    created : float
        When that process was created, in seconds since the epoch: a process id is used again,
        the pair of both is not.
    server_pid, server_created : int, float
        The same of the server itself.
    started_at : str
        When it was ready, ISO 8601 in UTC.
    kept : bool
        Whether it runs on by itself; otherwise it ends with the process that started it.
    """

    folder: str
    url: str
    version: str
    lucene: str
    heap: str
    pid: int
    created: float
    server_pid: int
    server_created: float
    started_at: str
    kept: bool = False

    @property
    def running(self) -> bool:
        """Whether the process that watches over the server is there."""
        return is_same_process(self.pid, self.created)

    @property
    def server_running(self) -> bool:
        """Whether the server's process is there."""
        return is_same_process(self.server_pid, self.server_created)


def state_file(folder: Path, cache: Path) -> Path:
    """Return the file that describes the engine of a folder.

    Returns
    -------
    Path
        In ``engines`` of the cache folder.
    """
    key = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return cache / "engines" / f"{key}.json"


def state_files(cache: Path) -> list[Path]:
    """The state files of all engines; a file of another name is not ours to read or remove."""
    return [
        path
        for path in sorted((cache / "engines").glob("*.json"))
        if len(path.stem) == 16 and set(path.stem) <= set("0123456789abcdef")
    ]


def write_state(state: EngineState, path: Path) -> None:
    """Write a state file, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with replaced(path) as file:
        file.write(json.dumps(dataclasses.asdict(state), indent=2).encode() + b"\n")


def read_state(path: Path) -> EngineState | None:
    """Read a state file."""
    try:
        return EngineState(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def kill_left_over(state: EngineState) -> None:
    """Kill a server whose watching process is gone."""
    if state.server_running:
        try:
            server = psutil.Process(state.server_pid)
            server.kill()
            server.wait(30)
        except psutil.NoSuchProcess:
            return
