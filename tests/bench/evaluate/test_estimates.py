import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, precision_recall_curve

from bench.evaluate.bootstrap import Estimate, draw_groups, wilson_interval
from bench.evaluate.estimates import (
    cutoff_measures,
    mean_measures,
    pooled_measures,
    reported_cutoff_measures,
    values_per_query,
)
from bench.evaluate.hits import select_hits
from bench.evaluate.inputs import check_candidates, check_queries, read_queries
from bench.evaluate.rankings import DISTANCE, RANKINGS, SCORE, Ranking
from bench.evaluate.sample import Sample, take_sample
from bench.evaluate.settings import EvaluationSettings

SETTINGS = EvaluationSettings(n_resamples=40)
rankings = pytest.mark.parametrize("ranking", RANKINGS.values(), ids=list(RANKINGS))


def _with_signs(candidates: pd.DataFrame) -> pd.DataFrame:
    """Add a distance of the signs that is like the distance, coarser and a little off."""
    off = candidates["doc"] % 3 / 20
    return candidates.assign(sign_distance=(candidates["distance"] + off).round(1).clip(0, 1))


def _measure(
    queries: pd.DataFrame, candidates: pd.DataFrame, ranking: Ranking, half: str = "all"
) -> tuple[Sample, dict[tuple[str, str], Estimate]]:
    table = check_queries(queries)
    run = read_queries(table)
    checked = check_candidates(_with_signs(candidates), table, {"tester": 9}, SETTINGS)
    hits = select_hits(checked, len(run), SETTINGS)
    weights = draw_groups(run.n_groups, SETTINGS.n_resamples, 0)
    sample = take_sample(hits, ranking, run, run.halves[half], weights)
    values = values_per_query(hits, ranking, run, SETTINGS)
    found = pooled_measures(sample, SETTINGS) + mean_measures(sample, values)
    found += reported_cutoff_measures(sample)
    return sample, {(e.measure, e.tie): e for e in found}


@pytest.fixture
def by_hand(make_queries, make_candidates):
    """Two found, one of them behind a wrong hit; one failed; one without an answer."""
    queries = make_queries([{}, {}, {"status": "failed"}, {"in_database": False}])
    answers = {
        0: [(9, 0.2, "right"), (3, 0.5, "wrong")],
        1: [(7, 0.5, "wrong"), (6, 0.3, "right")],
        3: [(5, 0.4, "wrong")],
    }
    return queries, make_candidates(answers)


def test_by_score_by_hand(by_hand) -> None:
    _, found = _measure(*by_hand, SCORE)
    values = {key: estimate.value for key, estimate in found.items()}
    # Pool: 9 right, 7 wrong, 6 right, 5 wrong, 3 wrong; three queries have an answer.
    assert values["uAP", "expected"] == pytest.approx((1 + 2 / 3) / 3)
    assert values["R@P90", "none"] == pytest.approx(1 / 3)
    assert values["threshold@P90", "none"] == 9
    assert values["mAP", "expected"] == pytest.approx((1 + 1 / 2) / 3)
    assert values["recall@1", "expected"] == pytest.approx(1 / 3)
    assert values["recall@10", "expected"] == pytest.approx(2 / 3)
    assert values["candidate_recall@100", "none"] == pytest.approx(2 / 3)
    assert found["uAP", "expected"].n == 4
    assert found["recall@1", "expected"].n == 3
    assert not any(measure.startswith("precision@") for measure, _ in found)


def test_by_distance_by_hand(by_hand) -> None:
    _, found = _measure(*by_hand, DISTANCE)
    values = {key: estimate.value for key, estimate in found.items()}
    assert values["uAP", "expected"] == pytest.approx(2 / 3)
    assert values["R@P90", "none"] == pytest.approx(2 / 3)
    assert values["threshold@P90", "none"] == np.nextafter(0.3, 1)
    assert values["recall@1", "expected"] == pytest.approx(2 / 3)
    assert values["precision@distance<0.45", "none"] == pytest.approx(2 / 3)
    assert values["recall@distance<0.45", "none"] == pytest.approx(2 / 3)


@rankings
def test_every_resample_is_the_measure_of_its_copies(random_tables, ranking: Ranking) -> None:
    """Copy the groups of a resample as further queries and measure them outright."""
    queries, candidates = random_tables(4)
    weights = draw_groups(read_queries(check_queries(queries)).n_groups, SETTINGS.n_resamples, 0)
    _, found = _measure(queries, candidates, ranking)
    groups = sorted(queries["group"].unique())
    for resample in range(5):
        tables, answers = [], []
        for group, copies in zip(groups, weights[resample], strict=True):
            members = queries[queries["group"] == group]
            hits = candidates[candidates["query"].isin(members["query"])]
            for copy in range(copies):
                shift = 1000 * (len(tables) + 1)
                tables.append(
                    members.assign(query=members["query"] + shift, group=f"{group}/{copy}")
                )
                answers.append(hits.assign(query=hits["query"] + shift))
        _, copied = _measure(pd.concat(tables), pd.concat(answers), ranking)
        for key, estimate in found.items():
            if estimate.samples is not None:
                expected = copied[key].value
                assert estimate.samples[resample] == pytest.approx(expected, nan_ok=True), key


@rankings
@pytest.mark.parametrize("seed", range(5))
def test_pooled_measures_are_those_of_scikit_learn(random_tables, ranking, seed: int) -> None:
    queries, candidates = random_tables(seed)
    _, found = _measure(queries, candidates, ranking)
    counted = _with_signs(candidates[candidates["relation"] != "ignored"])
    right = counted["relation"] == "right"
    columns = {name: counted[name].to_numpy(dtype=float) for name in ranking.columns}
    value = ranking.goodness(ranking.values(columns))
    share = right.sum() / queries["in_database"].sum()
    uap = average_precision_score(right, value) * share
    assert found["uAP", "none"].value == pytest.approx(uap)
    precision, recall, _ = precision_recall_curve(right, value)
    best = recall[precision >= 0.9].max() * share
    assert found["R@P90", "none"].value == pytest.approx(best)


@rankings
def test_the_threshold_used_as_a_cutoff_gives_its_recall(random_tables, ranking) -> None:
    sample, found = _measure(*random_tables(2), ranking)
    right, wrong = sample.at_cutoff(found["threshold@P90", "none"].value)
    assert right.sum() / sample.answerable.sum() == found["R@P90", "none"].value > 0
    assert right.sum() >= 0.9 * (right + wrong).sum()


def test_no_query_with_an_answer(make_queries, make_candidates) -> None:
    queries = make_queries([{"in_database": False}] * 2)
    _, found = _measure(queries, make_candidates({0: [(5, 0.4, "wrong")]}), DISTANCE)
    assert found.pop(("precision@distance<0.45", "none")).value == 0
    assert np.isnan([estimate.value for estimate in found.values()]).all()
    assert found["uAP", "expected"].n == 2
    assert found["mAP", "expected"].n == 0


@rankings
def test_no_candidates_are_recall_0(make_queries, make_candidates, ranking) -> None:
    _, found = _measure(make_queries([{}, {}]), make_candidates({}), ranking)
    undefined = {f"threshold@{label}" for label in SETTINGS.precision_labels}
    undefined.add("precision@distance<0.45")
    for (measure, _), estimate in found.items():
        assert np.isnan(estimate.value) if measure in undefined else estimate.value == 0


def test_several_right_answers_by_hand(make_queries, make_candidates) -> None:
    """Three right answers, two found; one right answer, found; pooled over four."""
    queries = make_queries([{"n_right": 3}, {"n_right": 1}])
    answers = {
        0: [(9, 0.1, "right"), (8, 0.2, "wrong"), (6, 0.3, "right")],
        1: [(7, 0.2, "right")],
    }
    sample, found = _measure(queries, make_candidates(answers), SCORE)
    values = {key: estimate.value for key, estimate in found.items()}
    # Pool: 9 right, 8 wrong, 7 right, 6 right.
    assert values["uAP", "expected"] == pytest.approx((1 + 2 / 3 + 3 / 4) / 4)
    assert values["R@P90", "none"] == 1 / 4
    assert values["mAP", "expected"] == pytest.approx(((1 + 2 / 3) / 3 + 1) / 2)
    assert values["recall@1", "expected"] == pytest.approx((1 / 3 + 1) / 2)
    assert values["recall@10", "expected"] == pytest.approx((2 / 3 + 1) / 2)
    assert values["candidate_recall@100", "none"] == pytest.approx((2 / 3 + 1) / 2)
    assert found["recall@1", "expected"].n == 2
    precision, recall = cutoff_measures(sample, ("precision", "recall"), 7.0)
    assert (precision.value, recall.value) == (2 / 3, 2 / 4)


@pytest.mark.parametrize(
    ("rows", "interval"),
    [
        ([{}, {}, {}], "wilson"),
        ([{"group": "a"}, {"group": "a"}, {"group": "b"}], "bootstrap"),
        ([{"n_right": 2}, {}, {}], "bootstrap"),
    ],
    ids=["each alone", "clustered", "half right"],
)
def test_a_rate_of_queries_that_count_once_has_wilsons_interval(
    make_queries, make_candidates, rows, interval: str
) -> None:
    queries = make_queries([{"n_right": 1} | row for row in rows])
    answers = {
        0: [(9, 0.1, "right")],
        1: [(8, 0.1, "wrong"), (7, 0.2, "right")],
        2: [(9, 0.1, "right")],
    }
    _, found = _measure(queries, make_candidates(answers), SCORE)
    low, high, kind = found["recall@1", "expected"].interval(0.95)
    assert kind == interval
    if kind == "wilson":
        assert (low, high) == wilson_interval(2, 3, 0.95)
    assert found["mAP", "expected"].interval(0.95)[2] == "bootstrap"
