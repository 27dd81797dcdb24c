"""A small experiment on made pictures, run by the command as anyone runs it."""

import hashlib
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from types import MappingProxyType

import numpy as np
import pandas as pd
from click.testing import CliRunner
from PIL import Image

from bench.cli import cli
from bench.runs.environment import ROOT
from bench.runs.errors import BenchError
from imgsig.cluster import VARIABLES
from tests.shared import DISTRIBUTION

CONFIG = """\
version: 1
name: faults
dataset:
  collection: folder:{pictures}
  documents: 100
  tiles: [64]
  queries: 24
  no_match_share: 0.25
  transforms: [jpeg-30, crop-10]
  seed: 1
variants:
  - {{name: {prefix}_array, codec: {{id: int_array}}}}
  - {{name: {prefix}_column, codec: {{id: packed, strip: half}}, layout: tagged_column}}
search: {{size: 20}}
evaluation: {{resamples: 200}}
engine: {{name: {engine}, version: {version}, heap: 512m}}
"""

#: No change of the environment.
NOTHING: Mapping[str, str] = MappingProxyType({})

#: Columns that hold times, or what the engine does when its clock says so.
TIMES = frozenset({"took_ms", "latency_ms", "lease_wait_seconds", "merge_seconds"})


def write_small_experiment(folder: Path, prefix: str = "faults") -> Path:
    """Make ten pictures and a config of them."""
    config = filled(CONFIG, folder, prefix)
    path = folder / "faults.yaml"
    path.write_text(config, encoding="utf-8")
    return path


def filled(text: str, folder: Path, prefix: str) -> str:
    """A config of ten pictures that are made for it, on the engine that is tested."""
    return text.format(
        pictures=make_pictures(folder),
        prefix=prefix,
        engine=DISTRIBUTION.engine,
        version=DISTRIBUTION.version,
    )


def make_pictures(folder: Path) -> Path:
    """Make ten pictures by chance, in the folder ``pictures`` of a folder; it is returned."""
    pictures = folder / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    for number in range(10):
        cells = np.random.default_rng(number).integers(0, 256, (12, 16, 3), dtype=np.uint8)
        picture = Image.fromarray(cells).resize((320, 240), Image.Resampling.BICUBIC)
        picture.save(pictures / f"{number}.png")
    return pictures


def bench_command(*arguments: str | Path) -> list[str]:
    """The command ``imgsig-bench`` with arguments, without depending on where it is installed."""
    return [sys.executable, "-m", "bench", *map(str, arguments)]


def bench_env(changes: Mapping[str, str] = NOTHING) -> dict[str, str]:
    """The environment of a run: no cluster but what `changes` name, and this clone's code."""
    env = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    return {**env, "PYTHONPATH": str(ROOT), "COLUMNS": "500", **changes}


@dataclass(frozen=True)
class Done:
    """A command that has ended.

    Parameters
    ----------
    code : int
        Its exit code.
    output : str
        Standard output and error.
    """

    code: int
    output: str

    @property
    def message(self) -> str:
        """What the command says went wrong, or its last line; one line, not too long."""
        _, found, said = self.output.rpartition("imgsig-bench: ")
        lines = said.splitlines() if found else self.output.splitlines()[-1:]
        return shorten(" ".join(lines), 400)


def run_bench(
    *arguments: str | Path, timeout: float = 900, env: Mapping[str, str] = NOTHING
) -> Done:
    """Run the command to its end."""
    done = subprocess.run(
        bench_command(*arguments),
        env=bench_env(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Done(done.returncode, done.stdout)


def run_bench_here(*arguments: str | Path, env: Mapping[str, str]) -> Done:
    """Run the command to its end in this process, which spares a start of Python."""
    done = CliRunner().invoke(cli, [*map(str, arguments)], env={"COLUMNS": "500", **env})
    raised = done.exception
    told = traceback.format_exception(raised) if isinstance(raised, Exception) else ()
    return Done(done.exit_code, done.output + "".join(told))


@contextmanager
def started_run(
    config: Path, results: Path, log: Path, env: Mapping[str, str] = NOTHING
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a run; when the context is left, it is killed (SIGKILL) if it has not ended."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            bench_command("run", config, "--results", results),
            env=bench_env(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def undisturbed(config: Path, results: Path) -> Mapping[str, str]:
    """Digests of the tables of a run that nobody kills."""
    done = run_bench("run", config, "--results", results)
    if done.code:
        raise BenchError(f"the undisturbed run ended with {done.code}:\n{done.output}")
    return digests(only_run(results))


def only_run(results: Path) -> Path:
    """The folder of the one run in a folder of results."""
    found = [path for path in results.iterdir() if (path / "manifest.json").is_file()]
    if len(found) != 1:
        raise BenchError(f"{results} holds {len(found)} finished runs, not one")
    return found[0]


def digests(run: Path) -> Mapping[str, str]:
    """SHA-256 of every table of a run, of those with times without these columns."""
    found = {}
    for path in sorted(run.glob("*.parquet")):
        data = path.read_bytes()
        table = pd.read_parquet(path)
        times = [column for column in table if column in TIMES]
        if times:
            data = table.drop(columns=times).to_parquet(index=False)
        found[path.stem] = hashlib.sha256(data).hexdigest()
    return found


def differences(expected: Mapping[str, str], run: Path) -> list[str]:
    """Tables that are not those expected, byte for byte; missing and further ones too."""
    found = digests(run)
    names = sorted({*expected, *found})
    return [name for name in names if expected.get(name) != found.get(name)]
