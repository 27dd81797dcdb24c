from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.evaluate.agreement import agreement, kendall_tau_b, rank_biased_overlap
from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.hits import hits_from_arrays
from bench.evaluate.inputs import check_queries, read_queries

VALUES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=12)


def _literal_overlap(a: list[int], b: list[int], p: float) -> float:
    """Of two orders: Webber et al., read from the definition; complete lists agree ever after."""
    shared = [len(set(a[:d]) & set(b[:d])) / d for d in range(1, len(a) + 1)]
    return (1 - p) * sum(p**d * each for d, each in enumerate(shared)) + p ** len(a)


def _orders(values: list[int]) -> list[list[int]]:
    items = range(len(values))
    return [list(o) for o in permutations(items) if sorted(values)[::-1] == [values[i] for i in o]]


@pytest.mark.parametrize(
    ("a", "b", "p", "expected"),
    [
        # Of the program Corsi and Urbano published with their paper, variant a, extrapolated.
        ([5, 4, 3, 2, 1], [3, 5, 4, 1, 2], 0.9, 0.8367749999999999),
        ([3, 3, 2, 1, 1], [1, 2, 3, 4, 5], 0.9, 0.737775),
        ([2, 2, 2, 1], [1, 2, 2, 2], 0.8, 0.712888888888889),
        ([9, 8, 8, 7, 7, 7, 1], [4, 9, 4, 4, 2, 7, 7], 0.5, 0.1873263888888889),
    ],
)
def test_overlap_is_that_of_the_published_program(a, b, p, expected) -> None:
    found = rank_biased_overlap(np.array(a, dtype=float), np.array(b, dtype=float), p)
    assert found == pytest.approx(expected, abs=1e-14)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=4))
def test_overlap_is_the_mean_over_all_orders_of_the_ties(values) -> None:
    a, b = ([each[side] for each in values] for side in (0, 1))
    all_orders = [_literal_overlap(x, y, 0.9) for x in _orders(a) for y in _orders(b)]
    found = rank_biased_overlap(np.array(a, dtype=float), np.array(b, dtype=float))
    assert found == pytest.approx(np.mean(all_orders))


@given(VALUES)
def test_agreement_is_symmetric_and_bounded(values) -> None:
    a, b = (np.array([each[side] for each in values], dtype=float) for side in (0, 1))
    tau, overlap = kendall_tau_b(a, b), rank_biased_overlap(a, b)
    assert 0 <= overlap <= 1
    assert overlap == pytest.approx(rank_biased_overlap(b, a))
    if np.ptp(a) and np.ptp(b):
        assert -1 <= tau <= 1
        assert tau == pytest.approx(kendall_tau_b(b, a))
        assert tau == pytest.approx(-kendall_tau_b(a, -b))
    else:
        assert np.isnan(tau)


@given(VALUES)
def test_tau_b_by_counting_pairs(values) -> None:
    a, b = (np.array([each[side] for each in values], dtype=float) for side in (0, 1))
    upper = np.triu_indices(len(a), 1)
    signs_a, signs_b = (np.sign(np.subtract.outer(v, v))[upper] for v in (a, b))
    untied = np.sqrt(np.abs(signs_a).sum() * np.abs(signs_b).sum())
    if untied:
        assert kendall_tau_b(a, b) == pytest.approx((signs_a * signs_b).sum() / untied)


def test_an_order_agrees_with_itself() -> None:
    values = np.array([4.0, 1.0, 3.0, 2.0])
    assert kendall_tau_b(values, values) == pytest.approx(1)
    assert rank_biased_overlap(values, values) == pytest.approx(1)
    assert np.isnan(rank_biased_overlap(values[:0], values[:0]))


@pytest.fixture(scope="module")
def queries(make_queries):
    return read_queries(
        check_queries(make_queries([{}, {"transform": "crop"}, {}, {}, {"status": "failed"}]))
    )


def _rows(queries, lists: dict[int, list[tuple[float, float]]]):
    query = np.array([q for q, hits in lists.items() for _ in hits])
    score, distance = np.array([hit for hits in lists.values() for hit in hits]).T
    columns = {"score": score, "distance": distance}
    hits = hits_from_arrays(query, np.zeros(len(query), dtype=bool), columns, len(queries))
    rows = agreement(hits, queries, draw_groups(queries.n_groups, 200, 0), 0.95)
    return {(row["transform"], row["measure"]): row for row in rows}


def test_means_by_transform_and_what_is_left_out(queries) -> None:
    found = _rows(
        queries,
        {
            2: [(9, 0.1), (5, 0.5), (4, 0.6)],  # the same order: 1; queries need not be in order
            0: [(9, 0.2), (5, 0.1)],  # reversed: tau -1, overlap 0.9
            1: [(3, 0.1)],  # one hit
            3: [(3, 0.1), (3, 0.2)],  # one score: no tau; either order, so half of 1 and 0.9
        },
    )
    tau, overlap = found["all", "kendall_tau_b"], found["all", "rbo@0.9"]
    assert (tau["n"], tau["too_few"], tau["all_tied"]) == (2, 2, 1)
    assert (overlap["n"], overlap["too_few"], overlap["all_tied"]) == (3, 2, 0)
    assert tau["value"] == pytest.approx(0)
    assert overlap["value"] == pytest.approx((1 + 0.9 + 0.95) / 3)
    assert (tau["ranking_a"], tau["ranking_b"]) == ("score", "distance")
    assert overlap["low"] <= overlap["value"] <= overlap["high"]
    crop = found["crop", "rbo@0.9"]
    assert np.isnan(crop["value"])
    assert (crop["n"], crop["too_few"]) == (0, 1)


def test_rankings_a_variant_lacks_are_not_compared(queries) -> None:
    scores = {"score": np.array([3.0, 2.0])}
    hits = hits_from_arrays(np.array([0, 0]), np.zeros(2, dtype=bool), scores, len(queries))
    assert agreement(hits, queries, draw_groups(queries.n_groups, 5, 0), 0.95) == []
