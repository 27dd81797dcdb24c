"""Every scheme once, on all cores, and a killed run loses nothing."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

from bench.evaluate import EvaluationSettings, evaluate
from bench.kinds.sweep.grid import expand
from bench.kinds.sweep.simulate import (
    Evaluator,
    evaluation_settings,
    quality_table,
    read_simulated,
    simulate_all,
    wrong_pairs_table,
)
from bench.runs.folder import read_json
from bench.search.exact.simulator import Simulator
from bench.search.exact.truth import signed_rows
from imgsig import WordScheme, get_words, normalized_distance
from imgsig.sign_words import signs_from_words

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


@pytest.mark.slow
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


SIZE = 12
SCHEMES = {"63x16": WordScheme(), "20x4": WordScheme(N=20, k=4)}


@pytest.fixture(scope="module")
def evaluator(signed, sweep):
    return Evaluator(signed, sweep)


@pytest.fixture(scope="module")
def evaluation(signed, sweep):
    """Tables of hits, evaluated the long way."""
    rows = signed_rows(signed)
    simulator = Simulator(signed.database, signed.query_signatures[rows])
    parts = []
    for name, scheme in SCHEMES.items():
        hits = simulator.search(scheme, SIZE)
        query = signed.queries["query"].to_numpy()[rows][hits.query]
        table = pd.DataFrame({"variant": name, "query": query, "rank": hits.rank})
        table = table.assign(
            doc=hits.doc, score=hits.score, relation=signed.relations(query, hits.doc)
        )
        whole = signed.query_signatures[query], signed.database[hits.doc]
        k, N = scheme.k, scheme.N
        signs = [signs_from_words(get_words(signatures, k, N), k) for signatures in whole]
        for column, (asked, found) in (("distance", whole), ("sign_distance", signs)):
            pairs = zip(asked, found, strict=True)
            table[column] = [normalized_distance(b, a)[0] for a, b in pairs]
        parts.append(table)
    settings = evaluation_settings(sweep)
    counts = {name: scheme.N for name, scheme in SCHEMES.items()}
    return evaluate(signed.queries, pd.concat(parts, ignore_index=True), counts, settings)


@pytest.mark.parametrize("name", list(SCHEMES))
@pytest.mark.parametrize("ranking", ["score", "distance", "sign_distance"])
def test_measures_and_intervals_are_the_evaluations(evaluator, evaluation, name, ranking):
    found = pd.DataFrame(evaluator.evaluate(SCHEMES[name]).rows)
    found = found[found["ranking"] == ranking].set_index(["measure", "tie"])
    metrics = evaluation.metrics
    chosen = (metrics["variant"] == name) & (metrics["ranking"] == ranking)
    expected = metrics[chosen & (metrics["transform"] == "all")].set_index(["measure", "tie"])
    assert {"uAP", "R@P90", "R@P99", "recall@1", f"candidate_recall@{SIZE}"} <= set(
        found.index.get_level_values("measure")
    )
    columns = ["value", "low", "high", "n"]
    pd.testing.assert_frame_equal(found[columns], expected.loc[found.index, columns])


def test_differences_are_to_the_reference(evaluator):
    own, other = (pd.DataFrame(evaluator.evaluate(scheme).rows) for scheme in SCHEMES.values())
    measured = own["interval"] != "none"
    assert measured.sum() >= 3 * 5
    assert (
        (own.loc[measured, ["difference", "difference_low", "difference_high"]] == 0)
        .to_numpy()
        .all()
    )
    np.testing.assert_allclose(
        other.loc[measured, "difference"], (other["value"] - own["value"])[measured]
    )
    inside = other["difference"].between(other["difference_low"], other["difference_high"])
    assert inside[measured].mean() > 0.8
    assert other.loc[~measured, "difference"].isna().all()


def test_wrong_pairs_are_all_pairs_that_are_wrong(evaluator, signed):
    rows = signed_rows(signed)
    scheme = SCHEMES["20x4"]
    asked = scheme.words(signed.query_signatures[rows])
    equal = (scheme.words(signed.database)[np.newaxis] == asked[:, np.newaxis]).sum(axis=2)
    query, doc = (array.ravel() for array in np.indices(equal.shape))
    wrong = signed.relations(signed.queries["query"].to_numpy()[rows][query], doc) == "wrong"
    expected = np.bincount(equal.ravel()[wrong], minlength=21)
    assert evaluator.evaluate(scheme).wrong_pairs == expected.tolist()


def test_settings_are_the_configs(sweep):
    settings = evaluation_settings(sweep)
    assert isinstance(settings, EvaluationSettings)
    assert (settings.n_candidates, settings.n_resamples) == (SIZE, 100)
