import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.cutoffs import pairs_needed, tuned_cutoffs
from bench.evaluate.held_out import split_resamples, tune
from bench.evaluate.hits import select_hits
from bench.evaluate.inputs import check_candidates, check_queries, read_queries
from bench.evaluate.rankings import RANKINGS
from bench.evaluate.sample import take_sample
from bench.evaluate.settings import EvaluationSettings

ASKED = EvaluationSettings(n_resamples=100, precisions=(0.5, 0.9, 0.999))


def _cutoffs(queries, candidates, name: str = "score"):
    table = check_queries(queries)
    checked = check_candidates(candidates, table, {"tester": 8}, ASKED)
    run = read_queries(table)
    hits = select_hits(checked, len(run), ASKED)
    weights = draw_groups(run.n_groups, ASKED.n_resamples, 0)
    drawn = split_resamples(weights, run, 0)
    ranking, every = RANKINGS[name], run.halves["all"]
    own, report = (
        take_sample(hits, ranking, run, run.halves[half], weights) for half in ("tune", "report")
    )
    tuned = tune(own, take_sample(hits, ranking, run, every, drawn.tune), ASKED)
    trial = take_sample(hits, ranking, run, every, drawn.report)
    return tuned_cutoffs(report, trial, tuned, ASKED), ranking


@given(st.integers(500, 999), st.sampled_from([0.9, 0.95, 0.99]))
def test_so_many_pairs_all_right_just_show_a_precision(thousandths: int, level: float) -> None:
    needed = int(pairs_needed(thousandths, level))
    lows = [binomtest(n, n).proportion_ci(level, method="wilson").low for n in (needed, needed - 1)]
    assert lows[0] >= thousandths / 1000 - 1e-12
    assert lows[1] < thousandths / 1000
    assert pairs_needed(1000, level) == float("inf")


def test_cutoffs_by_hand(make_queries, make_candidates) -> None:
    halves = ["tune"] * 4 + ["report"] * 2
    hits = {
        0: [(8, 0.1, "right"), (3, 0.7, "wrong")],
        1: [(6, 0.2, "right")],
        2: [(5, 0.3, "wrong")],
        3: [(4, 0.4, "right")],
        4: [(7, 0.1, "right"), (6, 0.3, "wrong")],
        5: [(4, 0.4, "right")],
    }
    rows, _ = _cutoffs(make_queries([{"half": half} for half in halves]), make_candidates(hits))
    assert [row["target"] for row in rows] == ["P50", "P90", "P99.9"]
    assert [row["cutoff"] for row in rows] == [4, 6, 6]  # 3 of 4 right; 2 of 2 right
    loose, strict, _ = rows
    assert (loose["kept"], loose["kept_right"]) == (3, 2)
    assert loose["held_out_precision"] == pytest.approx(2 / 3)
    assert loose["held_out_recall"] == 1
    assert (strict["kept"], strict["kept_right"]) == (2, 1)
    assert strict["held_out_recall"] == 0.5
    assert [row["can_be_shown"] for row in rows] == [False, False, False]
    assert [row["pairs_needed"] for row in rows] == [4, 35, 3838]
    assert [row["verdict"] for row in rows] == ["cannot be told"] * 3


def test_where_no_cutoff_reaches_a_precision_nothing_is_kept(make_queries, make_candidates) -> None:
    queries = make_queries([{"half": "tune"}, {"half": "report"}])
    rows, _ = _cutoffs(queries, make_candidates({0: [(5, 0.2, "wrong")], 1: [(5, 0.2, "right")]}))
    for row in rows:
        assert math.isnan(row["cutoff"])
        assert math.isnan(row["held_out_precision"])
        assert (row["kept"], row["held_out_recall"], row["verdict"]) == (0, 0, "cannot be told")


def test_verdicts_are_of_the_tuning_whichever_half_it_is_done_on(
    make_queries, make_candidates
) -> None:
    # 60 tuned without a fault; of the 60 reported all, then a third, are right.
    queries = make_queries([{"half": "tune" if i < 60 else "report"} for i in range(120)])
    right = {i: [(5, 0.2, "right")] for i in range(120)}
    wrong = {i: [(5, 0.2, "wrong")] for i in range(60, 100)}
    good, _ = _cutoffs(queries, make_candidates(right))
    bad, _ = _cutoffs(queries, make_candidates(right | wrong))
    assert [row["verdict"] for row in good] == ["holds", "holds", "cannot be told"]
    assert [row["missed"] for row in good] == [0, 0, 0]
    # In all, two thirds are right: half of the scenes never gives a cutoff for more, but this one.
    assert [row["verdict"] for row in bad] == ["holds", "cannot be told", "cannot be told"]
    assert [row["missed"] for row in bad] == pytest.approx([0, 1, 1], abs=0.05)
    assert bad[1]["held_out_precision"] == pytest.approx(1 / 3)
    assert [row["can_be_shown"] for row in good] == [True, True, False]


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from(["score", "distance", "score_then_distance"]))
def test_more_precision_takes_a_stricter_cutoff(random_tables, seed: int, name: str) -> None:
    rows, ranking = _cutoffs(*random_tables(seed, 40, 8), name)
    goodness = ranking.goodness(np.array([row["cutoff"] for row in rows]))
    goodness = goodness[~np.isnan(goodness)]
    assert (np.diff(goodness) >= 0).all()
    recall = [row["held_out_recall"] for row in rows if not math.isnan(row["held_out_recall"])]
    assert (np.diff(recall) <= 0).all()
    for row in rows:
        assert row["can_be_shown"] == (row["kept"] >= row["pairs_needed"])
        if row["kept"]:
            assert row["held_out_precision"] == pytest.approx(row["kept_right"] / row["kept"])
