"""Every scheme once, on all cores, and a killed run loses nothing."""

import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from bench.kinds.sweep.grid import expand
from bench.kinds.sweep.quality import Evaluator
from bench.kinds.sweep.simulate import (
    quality_table,
    read_simulated,
    simulate_all,
    wrong_pairs_table,
)
from bench.runs.folder import read_json

PROGRAM = """
import sys
from pathlib import Path
from bench.kinds.sweep.config import Sweep
from bench.kinds.sweep.grid import expand
from bench.kinds.sweep.simulate import simulate_all
sweep = Sweep.model_validate_json(sys.argv[2])
simulate_all(expand(sweep).schemes, sweep, Path(sys.argv[1]), print)
"""


@pytest.fixture(scope="module")
def schemes(sweep):
    return expand(sweep).schemes


@pytest.fixture(scope="module")
def expected(signed, sweep, schemes):
    """Tables of what this process finds."""
    evaluator = Evaluator(signed, sweep)
    found = {name: evaluator.evaluate(scheme) for name, scheme in schemes.items()}
    rows = [{"variant": name, **row} for name, one in found.items() for row in one.rows]
    return pd.DataFrame(rows)


def start(work, sweep):
    command = [sys.executable, "-c", PROGRAM, str(work), sweep.model_dump_json()]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )


def test_a_killed_run_goes_on_and_ends_in_the_same_table(work, sweep, schemes, expected):
    process = start(work, sweep)
    deadline = time.monotonic() + 120
    while not list(work.glob("simulated/*.json")):
        assert process.poll() is None, process.communicate()[0].decode()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)  # workers too, in the middle of their work
    process.wait()
    process.stdout.close()
    kept = {path: path.stat().st_mtime_ns for path in work.glob("simulated/[!.]*.json")}
    assert kept

    done = []
    simulate_all(schemes, sweep, work, done.append)
    assert sum(done) == len(schemes)
    finished_before = {path.stem for path in kept}
    assert done[0] >= len(finished_before)
    first = next(iter(kept))
    assert first.stat().st_mtime_ns == kept[first]
    found = quality_table(schemes, read_simulated(schemes, work))
    pd.testing.assert_frame_equal(found[expected.columns], expected)

    simulate_all(schemes, sweep, work, done.append)
    assert done[-1] == len(schemes)


def test_tables_have_every_scheme(work, sweep, schemes):
    simulate_all(schemes, sweep, work, lambda done: None)
    simulated = read_simulated(schemes, work)
    quality = quality_table(schemes, simulated)
    assert set(quality["variant"]) == set(schemes)
    assert len(set(quality.groupby("variant").size())) == 1
    assert quality["value"].dtype == "float64"
    pairs = wrong_pairs_table(schemes, simulated)
    assert pairs.groupby("variant").size().to_dict() == {n: s.N + 1 for n, s in schemes.items()}
    assert len(set(pairs.groupby("variant")["pairs"].sum())) == 1
    assert read_json(work / "simulated" / "63x16.json")["leaf_bytes"] > 0
