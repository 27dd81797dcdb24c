"""The bench, killed at random moments of every stage, and started again."""

import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from bench.runs.errors import BenchError
from datasets.cache import cache_dir
from tests.faults.fault import Fault
from tests.faults.small_run import (
    differences,
    only_run,
    run_bench,
    started_run,
)

#: A run is killed this often before it is left alone to its end.
KILLS_PER_RUN = 17

#: Seconds after which a start that neither ends nor comes to its moment is a failure.
PATIENCE = 240.0


@dataclass(frozen=True)
class Stage:
    """A stage of a run, and how one sees from outside that it has begun.

    Parameters
    ----------
    name : str
        What is going on.
    begins : str
        Text in the output with which it begins; "" for the start of the process.
    seconds : float
        The moment of the kill is chosen from so many seconds after that.
    share : int
        Of the kills, in relation to those of other stages.
    after : str
        File of the run that is there by then.
    """

    name: str
    begins: str
    seconds: float
    share: int
    after: str = ""

    def has_begun(self, said: str, results: Path) -> bool:
        """Whether the output of a start and the files of its run say so."""
        return self.begins in said and (not self.after or any(results.glob(f"*/{self.after}")))


#: In the order in which a run comes to them.
STAGES = (
    Stage("start, signing", "", 3.5, 8),
    Stage("download of the server", "Fetching Elasticsearch", 0.5, 4),
    Stage("unpacking of the server", "Unpacking", 0.6, 3),
    Stage("start of the engine", "Starting Elasticsearch", 6.0, 4),
    Stage("bulk", "start engine:", 1.2, 8),
    Stage("settling, first merge", "index faults_column:", 6.0, 6),
    Stage("second merge", "settle faults_array:", 0.3, 4),
    Stage("search", "settle faults_column:", 0.8, 7),
    Stage("evaluation", "sign:", 1.2, 4, after="work/faults_column/candidates.parquet"),
    Stage("write of results", "gallery:", 1.5, 5),
)

#: Stages that only a run with an empty cache has.
OF_THE_SERVER = STAGES[1:3]


def moments(kills: int, seed: int) -> list[list[tuple[Stage, float]]]:
    """Choose when to kill: stages by their share, each at least once, seconds by chance."""
    chance = np.random.default_rng(seed)
    shares = np.array([stage.share for stage in STAGES], dtype=float)
    drawn = chance.choice(len(STAGES), max(0, kills - len(STAGES)), p=shares / shares.sum())
    chosen = [*range(len(STAGES)), *drawn.tolist()][:kills]
    order = chance.permutation(len(chosen))
    runs: list[list[int]] = [[] for _ in range(-(-kills // KILLS_PER_RUN))]
    for number, place in enumerate(chosen[at] for at in order):
        # The server is fetched once.
        runs[0 if STAGES[place] in OF_THE_SERVER else number % len(runs)].append(place)
    return [
        sorted(
            ((STAGES[place], float(chance.uniform(0, STAGES[place].seconds))) for place in run),
            key=lambda moment: (STAGES.index(moment[0]), moment[1]),
        )
        for run in runs
    ]


def killed_faults(
    config: Path, expected: Mapping[str, str], kills: int, seed: int
) -> Iterator[Fault]:
    """Kill runs of the small experiment until the kills are used up; let each come to its end.

    The first begins with an empty cache, so that it downloads and unpacks the server.
    """
    cache = config.parent / "cache"
    hit: Counter[str] = Counter()
    for number, planned in enumerate(moments(kills, seed)):
        results = config.parent / f"killed-{number}"
        env = {"IMGSIG_BENCH_CACHE": str(cache)} if number == 0 else {}
        struck: list[str] = []
        for stage, seconds in planned:
            struck += kill_at(stage, seconds, config, results, env)
        hit.update(struck)
        yield ended(number, len(struck), config, results, env, expected)
    shutil.rmtree(cache, ignore_errors=True)
    yield Fault(
        "killed",
        f"SIGKILL at {kills} random moments (seed {seed})",
        "so many were, and every stage was hit",
        ", ".join(f"{name} {count}" for name, count in hit.items()),
        hit.total() == kills and all(hit[stage.name] for stage in STAGES),
    )


def kill_at(
    stage: Stage, seconds: float, config: Path, results: Path, env: Mapping[str, str]
) -> Sequence[str]:
    """Start the run, wait for a moment of a stage, and kill it then."""
    log = results.parent / f"{results.name}.log"
    deadline = time.monotonic() + PATIENCE
    later = STAGES[STAGES.index(stage) + 1 :]
    with started_run(config, results, log, env) as process:
        while process.poll() is None:
            said = log.read_text(errors="replace")
            if any(one.has_begun(said, results) for one in (stage, *later)):
                break
            if time.monotonic() > deadline:
                raise BenchError(f"{stage.name} did not begin in {PATIENCE:.0f} s:\n{said}")
            time.sleep(0.02)
        time.sleep(seconds)
    code = process.returncode
    if code >= 0:
        if code:
            raise BenchError(f"the run failed by itself ({code}):\n{log.read_text()}")
        return []
    said = log.read_text(errors="replace")
    return [next(one.name for one in reversed(STAGES) if one.has_begun(said, results))]


def ended(
    number: int,
    kills: int,
    config: Path,
    results: Path,
    env: Mapping[str, str],
    expected: Mapping[str, str],
) -> Fault:
    """Leave a run that was killed alone to its end, and compare."""
    done = run_bench("run", config, "--results", results, timeout=PATIENCE, env=env)
    injected = f"run {number + 1}: SIGKILL {kills} times, each time started again"
    wanted = "the tables of an undisturbed run, byte for byte; no process, no half file is left"
    if done.code:
        return Fault("killed", injected, wanted, f"exit {done.code}: {done.message}", False)
    run = only_run(results)
    cache = Path(env.get("IMGSIG_BENCH_CACHE", cache_dir()))
    wrong = [f"{name} differs" for name in differences(expected, run)]
    wrong += [f"{path.name} is left" for path in left_behind(run, cache)]
    wrong += [f"process {process.pid} is left" for process in left_running(results)]
    return Fault("killed", injected, wanted, ", ".join(wrong) or "so it is", not wrong)


def left_behind(run: Path, cache: Path) -> list[Path]:
    """What only an unfinished run has, and what is written aside."""
    ended = (".part", ".partial", ".download")
    found = [path for folder in (run, cache) for path in folder.rglob("*") if path.suffix in ended]
    return [*found, *([run / "work"] if (run / "work").exists() else [])]


def left_running(folder: Path) -> list[psutil.Process]:
    """Processes that name a folder in their command line."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(str(folder) in argument for argument in process.info["cmdline"] or [])
    ]
