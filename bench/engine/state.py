"""Running engines: what is written down of them, and their processes."""

import dataclasses
import hashlib
import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.engine.catalog import titled
from bench.engine.password import USER, read_password
from datasets.cache import cache_dir
from imgsig.output_file import replaced

GRACE = 20.0  # seconds a server has to end by itself; it takes about one
# The time of the boot is told in whole seconds, and what is derived from it may be one off.
_CLOCK_TOLERANCE = 2.0  # seconds
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def is_same_process(pid: int, created: float, booted: float | None = None) -> bool:
    """Say whether a process is still the one that was meant.

    `booted` is when the machine was, told at the same moment as `created`. Where the clock is set
    both move alike, so the time between them counts. Without it the process counts as another then.
    """
    moved = 0.0 if booted is None else psutil.boot_time() - booted
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - moved - created) <= _CLOCK_TOLERANCE
    except psutil.NoSuchProcess:
        return False
    return same and _is_alive(process)


def boot_id() -> str:
    """Which boot of the machine this is: as long after another, ids are used again. Linux only."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def stop_tree(pid: int, grace: float) -> list[int]:
    """Ask a process to end; after a while kill what is left of it and of its descendants."""
    try:
        root = psutil.Process(pid)
        # Listed before it ends: afterwards nothing leads from it to them.
        tree = [root, *root.children(recursive=True)]
        root.terminate()
    except psutil.NoSuchProcess:
        return []
    _, alive = psutil.wait_procs(tree, timeout=grace)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=10)
    return [process.pid for process in alive if _is_alive(process)]


def kill_tree(pid: int) -> list[int]:
    """Kill a process and its descendants at once: what is starting does not listen yet."""
    try:
        root = psutil.Process(pid)
        root.suspend()  # so that it starts nothing after its children are listed
        tree = [*root.children(recursive=True), root]
    except psutil.NoSuchProcess:
        return []
    for process in tree:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    # Not `wait_procs`: it waits for zombies too, and these have lost the parent that reaps them.
    deadline = time.monotonic() + 10
    while (left := [one.pid for one in tree if _is_alive(one)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def _is_alive(process: psutil.Process) -> bool:
    # A zombie is dead: where process 1 reaps nobody's children, as in many containers, it stays.
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


@dataclass(frozen=True)
class EngineState:
    """A running embedded engine.

    `pid` is its supervisor; stopping that stops the server. `created` is when that process was
    created, in seconds since the epoch: ids are used again, the pair is not. `booted` is when the
    machine was, told at the same moment, and `boot` which boot that was: what was written before
    there were these has neither. `started_at`, when it was ready, is ISO 8601 in UTC. An engine
    that is `kept` runs on when the process that started it ends. `password_file` is empty where the
    engine has no security.
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
    engine: str = "elasticsearch"
    password_file: str = ""
    kept: bool = False
    booted: float | None = None
    boot: str = ""

    @property
    def title(self) -> str:
        """As in ``OpenSearch 3.3.2``."""
        return titled(self.engine, self.version)

    @property
    def credentials(self) -> tuple[str, str] | None:
        """User and password; None where there is no security, or the password is another's."""
        password = read_password(Path(self.password_file)) if self.password_file else None
        return (USER, password) if password else None

    @property
    def running(self) -> bool:
        """Whether its supervisor is there."""
        return self._is_there(self.pid, self.created)

    @property
    def server_running(self) -> bool:
        """Whether the server's process is there."""
        return self._is_there(self.server_pid, self.server_created)

    def _is_there(self, pid: int, created: float) -> bool:
        return self.boot in ("", boot_id()) and is_same_process(pid, created, self.booted)


def state_file(folder: Path, cache: Path) -> Path:
    """Return the file in the cache that describes the engine of a folder."""
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
    """Read a state file, also that of a later version, which may say more."""
    known = {field.name for field in dataclasses.fields(EngineState)}
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return EngineState(**{name: said[name] for name in known & said.keys()})
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def kill_left_over(state: EngineState) -> None:
    """Kill a server whose supervisor is gone."""
    if state.server_running:
        with suppress(psutil.NoSuchProcess):
            server = psutil.Process(state.server_pid)
            server.kill()
            server.wait(30)


def engine_status() -> list[EngineState]:
    """List the embedded engines that run, in order of their start; clean up after others.

    Those in use by a run are among them; they are not ``kept``.
    """
    states = []
    for path in state_files(cache_dir()):
        state = read_state(path)
        if state is not None and state.running:
            states.append(state)
            continue
        if state is not None:
            kill_left_over(state)
        path.unlink(missing_ok=True)
    return sorted(states, key=lambda state: state.started_at)
