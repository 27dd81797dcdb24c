import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.cutoffs import other_splits, pairs_needed, tuned_cutoffs
from bench.evaluate.hits import select_hits
from bench.evaluate.inputs import check_candidates, check_queries, read_queries
from bench.evaluate.rankings import DISTANCE, RANKINGS, SCORE
from bench.evaluate.sample import take_sample
from bench.evaluate.settings import EvaluationSettings
from bench.runs.folder import RunFolder

ASKED = EvaluationSettings(n_resamples=100, precisions=(0.5, 0.9, 0.999))


def _cutoffs(queries, candidates, name: str = "score"):
    table = check_queries(queries)
    checked = check_candidates(candidates, table, {"tester": 8}, ASKED)
    run = read_queries(table)
    hits = select_hits(checked, len(run), ASKED)
    weights = draw_groups(run.n_groups, ASKED.n_resamples, 0)
    ranking = RANKINGS[name]
    tune, report = (
        take_sample(hits, ranking, run, run.halves[half], weights) for half in ("tune", "report")
    )
    return tuned_cutoffs(tune, report, ASKED), ranking


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
    assert [row["verdict"] for row in rows] == ["cannot be told"] * 2 + ["does not hold"]


def test_where_no_cutoff_reaches_a_precision_nothing_is_kept(make_queries, make_candidates) -> None:
    queries = make_queries([{"half": "tune"}, {"half": "report"}])
    rows, _ = _cutoffs(queries, make_candidates({0: [(5, 0.2, "wrong")], 1: [(5, 0.2, "right")]}))
    for row in rows:
        assert math.isnan(row["cutoff"])
        assert math.isnan(row["held_out_precision"])
        assert (row["kept"], row["held_out_recall"], row["verdict"]) == (0, 0, "cannot be told")


def test_verdicts_follow_the_interval(make_queries, make_candidates) -> None:
    # 60 tuned without a fault; of the 60 reported all, then a third, are right.
    queries = make_queries([{"half": "tune" if i < 60 else "report"} for i in range(120)])
    right = {i: [(5, 0.2, "right")] for i in range(120)}
    wrong = {i: [(5, 0.2, "wrong")] for i in range(60, 100)}
    good, _ = _cutoffs(queries, make_candidates(right))
    bad, _ = _cutoffs(queries, make_candidates(right | wrong))
    assert [row["verdict"] for row in good] == ["holds", "holds", "cannot be told"]
    assert [row["verdict"] for row in bad] == ["does not hold"] * 3
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


REFERENCE = RunFolder(Path(__file__).parents[3] / "results" / "reference")


def queries(groups: int) -> pd.DataFrame:
    names = [f"scene {number}" for number in range(groups)]
    return pd.DataFrame(
        {"query": range(groups), "group": names, "photo": names, "in_database": [True] * groups}
    )


def hits(rows: list[tuple[int, float, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["query", "score", "relation"])


def test_by_hand():
    # Scenes 0 and 1: tuned on either, the cutoff is 5; scene 1 has a wrong hit there as well.
    found = hits([(0, 9, "right"), (0, 5, "right"), (1, 9, "right"), (1, 9, "right")])
    found = pd.concat([found, hits([(1, 5, "ignored"), (0, 3, "wrong"), (1, 8, "wrong")])])
    precisions = other_splits(queries(2), found, SCORE, 900, splits=20)
    # Tuned on 0 (cutoff 5), scene 1 gives 2 of 3; tuned on 1 (cutoff 9), scene 0 gives 1 of 1.
    assert set(precisions.round(6)) == {round(2 / 3, 6), 1.0}


def test_equal_hits_are_kept_together():
    found = hits([(0, 5, "right"), (0, 5, "wrong"), (1, 5, "right")])
    precisions = other_splits(queries(2), found, SCORE, 900, splits=10)
    # On scene 0 no cutoff is precise; on scene 1 the cutoff 5 is, and scene 0 gives a half.
    assert set(precisions[~np.isnan(precisions)]) == {0.5}
    assert np.isnan(precisions).any()


def test_no_hits_give_no_precision():
    assert np.isnan(other_splits(queries(2), hits([]), SCORE, 900, splits=3)).all()


@pytest.mark.parametrize(("ranking", "ends"), [(SCORE, (0.847, 0.986)), (DISTANCE, (0.754, 0.979))])
def test_the_reference_run_keeps_its_precision_in_half_of_the_splits(ranking, ends):
    candidates = REFERENCE.table("candidates")
    own = candidates[candidates["variant"] == "tester"]
    found = other_splits(REFERENCE.table("queries"), own, ranking, 900)
    assert np.percentile(found, [2.5, 97.5]) == pytest.approx(ends, abs=1e-3)
    assert 0.35 < np.mean(found < 0.9) < 0.55
