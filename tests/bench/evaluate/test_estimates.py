import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, precision_recall_curve
from bench.evaluate.bootstrap import Estimate, draw_groups, wilson_interval
from bench.evaluate.hits import select_hits
from bench.evaluate.inputs import check_candidates, check_queries, read_queries
from bench.evaluate.measures import (
    cutoff_measures,
    held_out_measures,
    mean_measures,
    pooled_measures,
    reported_cutoff_measures,
    threshold,
)
from bench.evaluate.per_query import values_per_query
from bench.evaluate.rankings import DISTANCE, RANKINGS, SCORE, Ranking
from bench.evaluate.sample import Sample, take_sample
from bench.evaluate.settings import EvaluationSettings
from fractions import Fraction
from itertools import groupby, permutations, product
import ir_measures
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import AP, R
from bench.evaluate import ties
from bench.evaluate.hits import Hits, hits_from_arrays
from bench.evaluate.inputs import Queries
from bench.evaluate.per_query import right_places, values_per_query
from bench.evaluate.rankings import DISTANCE, SCORE

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
    found += reported_cutoff_measures(sample, SETTINGS)
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


def test_held_out_values_are_those_of_the_other_half(random_tables) -> None:
    tables = random_tables(1)
    tune, _ = _measure(*tables, SCORE, "tune")
    report, _ = _measure(*tables, SCORE, "report")
    cutoff = threshold(tune, 900)
    precision, recall = held_out_measures(report, {"P90": cutoff})
    queries, candidates = tables
    kept = candidates.merge(queries, on="query").query(
        "half == 'report' and relation != 'ignored' and score >= @cutoff"
    )
    n_right = (queries["in_database"] & (queries["half"] == "report")).sum()
    n_kept = (kept["relation"] == "right").sum()
    assert (precision.measure, recall.measure) == ("held_out_precision@P90", "held_out_recall@P90")
    assert precision.value == pytest.approx(n_kept / len(kept))
    assert recall.value == pytest.approx(n_kept / n_right)
    assert (precision.n, recall.n) == ((queries["half"] == "report").sum(), n_right)


def test_without_a_threshold_nothing_is_returned(by_hand) -> None:
    report, _ = _measure(*by_hand, SCORE)
    precision, recall = held_out_measures(report, {"P90": float("nan")})
    assert np.isnan(precision.value)
    assert recall.value == 0


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


# Query 0: one better, two tied. Query 1: alone at the top. Query 2: only wrong hits. Query 3: none.
HITS = Hits(
    query=np.array([0, 0, 0, 0, 0, 1, 1, 2]),
    right=np.array([False, False, True, False, False, True, False, False]),
    by_ranking={
        "score": np.array([9.0, 5, 5, 5, 2, 8, 7, 6]),
        "distance": np.array([0.3, 0.2, 0.1, 0.5, 0.6, 0.4, 0.1, 0.2]),
    },
    right_candidates=np.array([1, 1, 0, 1]),
)


def _queries(n_right: list[int]) -> Queries:
    n = len(n_right)
    return Queries(
        number=np.arange(n),
        n_right=np.array(n_right),
        group=np.arange(n),
        signed=np.ones(n, dtype=bool),
        transforms={},
        strengths={},
        halves={},
    )


def test_values_by_hand() -> None:
    settings = EvaluationSettings(recall_ranks=(1, 2), size=50)
    values = values_per_query(HITS, SCORE, _queries([1, 1, 1, 1]), settings)
    found = {key: value.tolist() for key, value in values.items()}
    assert found == {
        ("AP", ties.OPTIMISTIC): [1 / 2, 1, 0, 0],
        ("AP", ties.EXPECTED): [pytest.approx((1 / 2 + 1 / 3 + 1 / 4) / 3), 1, 0, 0],
        ("AP", ties.PESSIMISTIC): [1 / 4, 1, 0, 0],
        ("recall@1", ties.OPTIMISTIC): [0, 1, 0, 0],
        ("recall@1", ties.EXPECTED): [0, 1, 0, 0],
        ("recall@1", ties.PESSIMISTIC): [0, 1, 0, 0],
        ("recall@2", ties.OPTIMISTIC): [1, 1, 0, 0],
        ("recall@2", ties.EXPECTED): [pytest.approx(1 / 3), 1, 0, 0],
        ("recall@2", ties.PESSIMISTIC): [0, 1, 0, 0],
        ("candidate_recall@50", ties.NONE): [1, 1, 0, 1],
    }


def test_several_right_answers_by_hand() -> None:
    """Right, wrong, right of four right answers, as in UKBench."""
    scores = {"score": np.array([9, 8, 7])}
    hits = hits_from_arrays(np.zeros(3, dtype=int), np.array([True, False, True]), scores, 2)
    settings = EvaluationSettings(recall_ranks=(1, 4))
    values = values_per_query(hits, SCORE, _queries([4, 0]), settings)
    for tie in ties.ORDERS:
        assert values["AP", tie][0] == pytest.approx((1 + 2 / 3) / 4)
        assert values["recall@1", tie][0] == 1 / 4
        assert values["recall@4", tie][0] == 2 / 4
    assert values["candidate_recall@100", ties.NONE][0] == 2 / 4
    assert all(np.isnan(value[1]) for value in values.values())


hits_of_one = st.lists(st.tuples(st.integers(1, 3), st.booleans()), max_size=6)


def _values(pairs: list[tuple[int, bool]], n_right: int) -> dict[tuple[str, str], float]:
    column = {"score": np.array([score for score, _ in pairs], dtype=float)}
    right = np.array([is_right for _, is_right in pairs], dtype=bool)
    hits = hits_from_arrays(np.zeros(len(pairs), dtype=np.int64), right, column, 1)
    values = values_per_query(
        hits, SCORE, _queries([n_right]), EvaluationSettings(recall_ranks=(2,))
    )
    return {key: float(value[0]) for key, value in values.items()}


@given(hits_of_one, st.integers(0, 2))
def test_values_are_the_mean_and_the_bounds_over_all_orders(
    pairs: list[tuple[int, bool]], unfound: int
) -> None:
    n_right = sum(right for _, right in pairs) + unfound
    if not n_right:
        return
    by_score = sorted(pairs, key=lambda pair: -pair[0])
    levels = [[right for _, right in tied] for _, tied in groupby(by_score, lambda pair: pair[0])]
    of_ap, of_recall = [], []
    for orders in product(*(permutations(level) for level in levels)):
        listed = [right for order in orders for right in order]
        precisions = [Fraction(sum(listed[: i + 1]), i + 1) for i, r in enumerate(listed) if r]
        of_ap.append(sum(precisions, Fraction(0)) / n_right)
        of_recall.append(Fraction(sum(listed[:2]), n_right))
    found = _values(pairs, n_right)
    for measure, outcomes in (("AP", of_ap), ("recall@2", of_recall)):
        assert found[measure, ties.OPTIMISTIC] == pytest.approx(float(max(outcomes)))
        assert found[measure, ties.PESSIMISTIC] == pytest.approx(float(min(outcomes)))
        mean = float(sum(outcomes) / len(outcomes))
        assert found[measure, ties.EXPECTED] == pytest.approx(mean)


@given(st.lists(st.tuples(st.integers(1, 4), st.booleans()), min_size=1, max_size=60))
def test_expected_lies_within_its_bounds_to_the_last_bit(pairs: list[tuple[int, bool]]) -> None:
    found = _values(pairs, sum(right for _, right in pairs) + 1)
    for measure in ("AP", "recall@2"):
        low, expected, high = (
            found[measure, tie] for tie in (ties.PESSIMISTIC, ties.EXPECTED, ties.OPTIMISTIC)
        )
        assert low - 1e-15 <= expected <= high + 1e-15
        if measure == "AP":
            assert low <= expected <= high


@pytest.mark.parametrize("ranking", [SCORE, DISTANCE], ids=["score", "distance"])
@pytest.mark.parametrize("seed", range(4))
def test_values_are_those_of_trec_eval(ranking, seed: int) -> None:
    """Several right answers a query, some not found; no ties, which trec_eval breaks by name."""
    random = np.random.default_rng(seed)
    n_queries, n_hits = 12, 30
    query = np.repeat(np.arange(n_queries), n_hits)
    right = random.random(len(query)) < 0.15
    value = np.concatenate([random.permutation(n_hits) for _ in range(n_queries)]) / n_hits
    missing = random.integers(0, 3, n_queries)
    n_right = np.bincount(query[right], minlength=n_queries) + missing
    hits = hits_from_arrays(query, right, {"score": value, "distance": value}, n_queries)
    settings = EvaluationSettings(recall_ranks=(1, 5, 10))
    values = values_per_query(hits, ranking, _queries(n_right.tolist()), settings)

    sign = 1 if ranking.higher_is_better else -1
    run = [
        ir_measures.ScoredDoc(f"{q:02}", f"d{row}", float(sign * value[row]))
        for row, q in enumerate(query)
    ]
    relevant = [(q, f"d{row}") for row, q in enumerate(query) if right[row]]
    relevant += [(q, f"lost{i}") for q in range(n_queries) for i in range(missing[q])]
    judged = [ir_measures.Qrel(f"{q:02}", document, 1) for q, document in relevant]
    names = {AP: "AP", R @ 1: "recall@1", R @ 5: "recall@5", R @ 10: "recall@10"}
    compared = 0
    for metric in ir_measures.iter_calc(list(names), judged, run):
        own = values[names[metric.measure], ties.EXPECTED][int(metric.query_id)]
        assert own == pytest.approx(metric.value, abs=1e-9)
        compared += 1
    assert compared == 4 * (n_right > 0).sum() > 30
