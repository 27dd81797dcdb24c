from fractions import Fraction
from itertools import groupby, permutations, product

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import AP, R

from bench.evaluate import ties
from bench.evaluate.estimates import values_per_query
from bench.evaluate.hits import Hits, hits_from_arrays
from bench.evaluate.inputs import Queries
from bench.evaluate.rankings import DISTANCE, SCORE
from bench.evaluate.settings import EvaluationSettings

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
        parts={},
        halves={},
    )


def test_values_by_hand() -> None:
    settings = EvaluationSettings(50, recall_ranks=(1, 2))
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
