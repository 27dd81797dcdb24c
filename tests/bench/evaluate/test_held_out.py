import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.estimates import cutoff_measures
from bench.evaluate.held_out import (
    Halves,
    Tuned,
    held_out_measures,
    split_resamples,
    tried,
    tune,
)
from bench.evaluate.hits import select_hits
from bench.evaluate.inputs import check_candidates, check_queries, read_queries
from bench.evaluate.rankings import RANKINGS, SCORE
from bench.evaluate.sample import take_sample
from bench.evaluate.settings import EvaluationSettings

ASKED = EvaluationSettings(n_resamples=60, precisions=(0.5, 0.9))


def _read(queries, candidates):
    table = check_queries(queries)
    run = read_queries(table)
    checked = check_candidates(candidates, table, {"tester": 8}, ASKED)
    return run, select_hits(checked, len(run), ASKED)


def _tuned(run, hits, ranking, drawn):
    every = run.halves["all"]
    once = np.ones((1, run.n_groups), dtype=np.int16)
    own = take_sample(hits, ranking, run, run.halves["tune"], once)
    tuned = tune(own, take_sample(hits, ranking, run, every, drawn.tune), ASKED)
    return tuned, take_sample(hits, ranking, run, every, drawn.report)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from(["score", "distance", "score_then_distance"]))
def test_drawn_as_the_run_is_split_it_is_the_run_itself(random_tables, seed, name) -> None:
    run, hits = _read(*random_tables(seed))
    in_tune = np.zeros((1, run.n_groups), dtype=np.int16)
    in_tune[:, run.group[run.halves["tune"]]] = 1
    drawn = Halves(in_tune, 1 - in_tune)
    tuned, trial = _tuned(run, hits, RANKINGS[name], drawn)
    once = np.ones((1, run.n_groups), dtype=np.int16)
    report = take_sample(hits, RANKINGS[name], run, run.halves["report"], once)
    for each in tuned.values():
        expected = [found.value for found in cutoff_measures(report, ("p", "r"), each.cutoff)]
        got = [samples[0] for samples in tried(trial, each)]
        np.testing.assert_array_equal(got, expected)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000))
def test_a_group_is_in_one_half_with_all_its_copies(random_tables, seed) -> None:
    run, _ = _read(*random_tables(seed))
    weights = draw_groups(run.n_groups, 60, seed)
    drawn = split_resamples(weights, run, seed)
    np.testing.assert_array_equal(drawn.tune + drawn.report, weights)
    assert not (drawn.tune * drawn.report).any()
    matched = np.isin(np.arange(run.n_groups), run.group[run.in_database])
    once = split_resamples(np.ones_like(weights), run, seed)
    for part in (matched, ~matched):  # each is halved for itself
        if part.sum() > 1:
            assert (once.tune[:, part].sum(axis=1) > 0).all()
            assert (once.report[:, part].sum(axis=1) > 0).all()


@pytest.mark.parametrize(("of_scene_0", "value"), [("tune", 2 / 3), ("report", 1.0)])
def test_by_hand(make_queries, make_candidates, of_scene_0, value) -> None:
    halves = ["tune", "report"] if of_scene_0 == "tune" else ["report", "tune"]
    rows = [{"group": f"g{query // 2}", "half": halves[query // 2]} for query in range(4)]
    # Tuned on scene 0 the cutoff is 5, and scene 1 gives 2 of 3; on scene 1 it is 8: 1 of 1.
    hits = {
        0: [(8, 0.1, "right")],
        1: [(5, 0.1, "right"), (3, 0.5, "wrong")],
        2: [(8, 0.1, "right")],
        3: [(8, 0.2, "right"), (5, 0.4, "wrong")],
    }
    run, found = _read(make_queries(rows), make_candidates(hits))
    first = np.array([[1, 0], [0, 1]], dtype=np.int16)
    tuned, trial = _tuned(run, found, SCORE, Halves(first, 1 - first))
    assert tuned["P90"].goodness.tolist() == [5, 8]
    precision, recall = tried(trial, tuned["P90"])
    assert precision.tolist() == [pytest.approx(2 / 3), 1]
    assert recall.tolist() == [1, 0.5]
    report = take_sample(found, SCORE, run, run.halves["report"], trial.weights)
    of_half, _ = held_out_measures(report, trial, {"P90": tuned["P90"]})
    assert of_half.value == pytest.approx(value)
    # A precision of 1 does not get Wilson's interval, as if no other half gave less.
    low, high, drawn = of_half.interval(0.95)
    assert (round(low, 2), round(high, 2), drawn) == (0.67, 0.99, "nested")


def test_without_a_cutoff_nothing_is_kept(make_queries, make_candidates) -> None:
    queries = make_queries([{"half": "tune"}, {"half": "report"}])
    run, hits = _read(queries, make_candidates({0: [(5, 0.2, "wrong")], 1: [(5, 0.2, "right")]}))
    drawn = split_resamples(np.ones((4, 2), dtype=np.int16), run, 0)
    _, trial = _tuned(run, hits, SCORE, drawn)
    none = Tuned(float("nan"), np.full(4, np.inf))
    precision, recall = tried(trial, none)
    assert np.isnan(precision).all()
    assert np.nanmax(recall) == 0
