"""The server of our own is killed in the midst of a bulk request."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
from elastic_transport import TransportError
from elasticsearch import ApiError

from bench.engine import Engine, on_engine
from bench.engine.embedded import connect_to
from bench.engine.state import EngineState, read_state
from bench.runs.errors import BenchError
from datasets.cache import cache_dir
from tests.faults.fault import Fault
from tests.faults.injection import GROUP, INDEX, WHOLE, build_and_search, outcome
from tests.faults.small_kinds import write_small_kind
from tests.faults.small_run import (
    differences,
    digests,
    only_run,
    run_bench,
    write_small_experiment,
)
from tests.shared import DISTRIBUTION

_TICK = 0.005


@contextmanager
def killed_in_load(folder: Path, index: str, times: int) -> Iterator[list[int]]:
    """Kill (SIGKILL) every server of an engine once it has taken documents into an index."""
    killed: list[int] = []
    over = threading.Event()

    def watch() -> None:
        while len(killed) < times and not over.wait(_TICK):
            state = running_engine(folder)
            if state is None or state.server_pid in killed:
                continue
            with connect_to([state]) as client:
                while not over.wait(_TICK) and state.server_running:
                    try:
                        stats = client.indices.stats(index=index, metric="indexing")
                        indexed = stats["_all"]["total"]["indexing"]["index_total"]
                    except (ApiError, TransportError, KeyError):
                        continue
                    if indexed:
                        os.kill(state.server_pid, signal.SIGKILL)
                        killed.append(state.server_pid)
                        break

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join(10)


def running_engine(folder: Path) -> EngineState | None:
    """The engine of a folder, or of a command that runs in it."""
    for path in (cache_dir() / "engines").glob("*.json"):
        state = read_state(path)
        if state is not None and state.server_running and _is_of(folder, state):
            return state
    return None


def _is_of(folder: Path, state: EngineState) -> bool:
    """Whether the engine is below the folder, or watched over for a run whose results are there."""
    if Path(state.folder).is_relative_to(folder.resolve()):
        return True
    try:
        parents = psutil.Process(state.pid).parents()
        return any(str(folder) in argument for one in parents for argument in one.cmdline())
    except psutil.Error:
        return False


def killed_once(folder: Path) -> Fault:
    """Kill the server once while documents are loaded."""
    begun: list[str] = []
    with killed_in_load(folder, INDEX, times=1) as killed:
        code, said = outcome(lambda: _work(folder, begun))
    return Fault(
        GROUP,
        "server of our own killed (SIGKILL) in mid-load",
        "started again by us with its data, the index built anew; all verified",
        f"{said} ({len(killed)} killed, work begun {len(begun)} times)",
        len(killed) == 1 and len(begun) == 2 and code == 0 and said == WHOLE,
    )


def killed_twice(folder: Path) -> Fault:
    """Kill the server while documents are loaded, and the one that is started in its place."""
    with killed_in_load(folder, INDEX, times=2) as killed:
        code, said = outcome(lambda: _work(folder, []))
    parts = ("ended again", "console.log", "lack of memory", "same command goes on")
    return Fault(
        GROUP,
        "server of our own killed (SIGKILL) in mid-load, and the one started in its place too",
        "an error that names the log and the remedy",
        said,
        len(killed) == 2 and code == 1 and all(part in said for part in parts),
    )


def _work(folder: Path, begun: list[str]) -> str:
    """Build and search; `begun` gets the address of every server on which that began."""

    def work(engine: Engine) -> str:
        begun.append(engine.url)
        return build_and_search(engine, folder / "states")

    return on_engine(work, folder / "engine", heap="512m", distribution=DISTRIBUTION)


def killed_run(folder: Path, engine: Engine, kind: str = "experiment") -> Fault:
    """Kill the server of a whole run, and compare its tables with those of a run left alone."""
    if kind == "experiment":
        config, indices = write_small_experiment(folder, "faults_killed"), "faults_killed_array"
    else:
        config, indices = write_small_kind(folder, kind, "faults_killed")
    alone, killed_in = folder / "alone", folder / "killed"
    killed: list[int] = []
    try:
        with ThreadPoolExecutor(1) as thread:
            other = thread.submit(
                run_bench, "run", config, "--results", alone, env={"ES_URL": engine.url}
            )
            with killed_in_load(killed_in, indices, times=1) as killed:
                done = run_bench("run", config, "--results", killed_in)
            left = other.result()
        wrong = [f"exit code {one.code}: {one.message}" for one in (left, done) if one.code]
        if not wrong:
            expected = digests(only_run(alone))
            wrong += [f"{name} differs" for name in differences(expected, only_run(killed_in))]
            if "It is restarted once" not in done.output:
                wrong.append("no server was started again")
    except (BenchError, subprocess.TimeoutExpired) as error:
        wrong = [str(error)]
    return Fault(
        GROUP,
        f"server of a whole run (kind {kind}) killed (SIGKILL) in mid-load",
        "started again by us; the tables of a run left alone, byte for byte",
        "; ".join([f"{len(killed)} killed", *(wrong or ["so it is"])]),
        len(killed) == 1 and not wrong,
    )
