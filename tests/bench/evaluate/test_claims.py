import numpy as np
import pytest

from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.claims import (
    CUTOFF,
    EXACT,
    NO_MATCH,
    PAIRS,
    REQUIREMENTS,
    best_scores,
    check_claims,
    unmatched_queries,
    unmatched_scores,
)
from bench.evaluate.hits import hits_from_arrays, select_hits
from bench.evaluate.inputs import Queries, check_candidates, check_queries, read_queries
from bench.evaluate.settings import EvaluationSettings

ASKED = EvaluationSettings(n_resamples=200)
BEST = "F1 at 0.45 is at most 0.01 below F1 at the best cutoff of the other half"


def _check(queries, candidates) -> dict[str, dict[str, object]]:
    table = check_queries(queries)
    checked = check_candidates(candidates, table, {"tester": 63}, ASKED)
    run = read_queries(table)
    hits = select_hits(checked, len(run), ASKED)
    rows = check_claims(hits, run, draw_groups(run.n_groups, 200, 0), ASKED)
    assert [row["condition"] for row in rows] == [c.condition for c in REQUIREMENTS] + [BEST]
    return {str(row["condition"]): row for row in rows}


@pytest.fixture(scope="module")
def clear(make_queries, make_candidates):
    """500 of each: exact copies, right ones at 6, queries without a match at 7."""
    halves = [{"half": "tune" if i % 2 else "report"} for i in range(1500)]
    rows = [row | {"in_database": i < 1000} for i, row in enumerate(halves)]
    hits = {i: [(63, 0.0, "right")] for i in range(500)}
    hits |= {i: [(6, 0.6, "right")] for i in range(500, 1000)}
    hits |= {i: [(7, 0.5, "wrong")] for i in range(1000, 1500)}
    return _check(make_queries(rows), make_candidates(hits))


def test_verdicts_by_hand(clear) -> None:
    expected = {
        "at least 99 % of the hits of score 63 are right": "holds",
        "at least 99 % of the hits of score 63 have distance 0": "holds",
        "at least 99 % of the hits of score 20 to 60 are right": "cannot be told",
        "at most 1 % of the hits below score 9 are right": "does not hold",
        "at most 1 % of the right hits score below 9": "does not hold",
        "at least 50 % of the queries without a match have a best score of 6 to 8": "holds",
        "at most 5 % of the queries without a match have a best score of 9 or more": "holds",
        "at least 90 % of the hits below distance 0.45 are right": "holds",
        "at least 90 % of the right answers are below distance 0.45": "does not hold",
    }
    assert {condition: clear[condition]["verdict"] for condition in expected} == expected
    lost = clear["at most 1 % of the right hits score below 9"]
    assert (lost["claim"], lost["value"], lost["n"], lost["bound"]) == (NO_MATCH, 0.5, 1000, 0.01)
    assert lost["low"] < 0.5 < lost["high"]
    assert clear["at least 99 % of the hits of score 63 are right"]["claim"] == EXACT


def test_what_has_no_cases_is_not_told(clear) -> None:
    row = clear["at least 99 % of the hits of score 20 to 60 are right"]
    assert row["n"] == 0
    assert np.isnan([row["value"], row["low"], row["high"]]).all()


def test_the_best_cutoff_is_compared_on_the_other_half(clear) -> None:
    # At 0.45 half of the right answers are kept and nothing wrong: 2 · 250 / (250 + 500). The best
    # keeps all, and the 250 wrong pairs with them: 2 · 500 / (750 + 500).
    row = clear[BEST]
    assert row["claim"] == CUTOFF
    assert row["value"] == pytest.approx(0.8 - 2 / 3)
    assert row["n"] == 750
    assert row["verdict"] == "does not hold"


def test_without_distances_the_cutoff_is_not_told(make_queries, make_candidates) -> None:
    candidates = make_candidates({0: [(63, np.nan, "right")]})
    found = _check(make_queries([{}, {"half": "report"}]), candidates)
    assert (found[BEST]["n"], found[BEST]["verdict"]) == (0, "cannot be told")
    assert found["at least 99 % of the hits of score 63 have distance 0"]["n"] == 0


def test_one_scene_has_no_interval(make_queries, make_candidates) -> None:
    queries = make_queries([{}, {"half": "report"}])
    found = _check(queries, make_candidates({i: [(63, 0.1, "right")] for i in range(2)}))
    assert found[BEST]["value"] == 0
    assert np.isnan([found[BEST]["low"], found[BEST]["high"]]).all()


# Query, score, distance, right.
HITS = [
    (0, 63, 0.0, True),
    (0, 20, 0.3, False),
    (1, 63, 0.02, True),
    (1, 19, 0.46, True),
    (1, 8, 0.5, False),
    (2, 12, 0.474, False),
    (2, 8, 0.45, True),
    (3, 9, 0.44, False),
    (4, 7, 0.6, False),
    (4, 6, 0.6, False),
]


@pytest.fixture(scope="module")
def queries(make_queries) -> Queries:
    rows = [{}, {"n_right": 2}, {}, {"in_database": False}, {"in_database": False},
            {"in_database": False}, {"status": "failed"}]  # fmt: skip
    n_right = [row.get("n_right", int(row.get("in_database", True))) for row in rows]
    return read_queries(check_queries(make_queries(rows).assign(n_right=n_right)))


def _hits(queries: Queries, with_distance: bool = True):
    query, score, distance, right = (np.array(column) for column in zip(*HITS, strict=True))
    columns = {"score": score} | ({"distance": distance} if with_distance else {})
    return hits_from_arrays(query, right, columns, len(queries))


def _counts(queries: Queries, hits) -> list[tuple[int, int]]:
    return [
        tuple(int(each.sum()) for each in condition.cases(hits, queries))
        for condition in REQUIREMENTS
    ]


def test_cases_by_hand(queries) -> None:
    assert _counts(queries, _hits(queries)) == [
        (2, 2),  # 63 and right
        (1, 2),  # 63 and distance 0
        (0, 1),  # the one hit of 20 to 60 is wrong
        (1, 2),  # 19 right, 12 wrong
        (1, 4),  # 8, 8, 7, 6: one right
        (1, 4),  # of four right hits one scores 8
        (1, 3),  # of the best scores 9, 7 and none
        (1, 3),
        (2, 4),  # below 0.45: 0, 0.02, 0.3, 0.44
        (2, 5),  # of five right answers, one of a query that failed
        (1, 2),  # 19 at 0.46 is right, 12 at 0.474 wrong
        (1, 4),
    ]


def test_without_distances_there_are_no_cases_of_them(queries) -> None:
    without, with_distance = (_counts(queries, _hits(queries, has)) for has in (False, True))
    about_distance = [1, 8, 9, 10, 11]
    assert [without[i] for i in about_distance] == [(0, 0)] * 5
    others = set(range(len(REQUIREMENTS))) - set(about_distance)
    assert [without[i] for i in others] == [with_distance[i] for i in others]


def test_cases_that_count_are_among_the_cases(queries) -> None:
    for condition in REQUIREMENTS:
        part, whole = condition.cases(_hits(queries), queries)
        assert part.shape == whole.shape == (len(queries),)
        assert ((part >= 0) & (part <= whole)).all()


def test_conditions_tell_their_bound() -> None:
    for condition in REQUIREMENTS:
        word = "at least" if condition.at_least else "at most"
        assert condition.condition.startswith(f"{word} {100 * condition.bound:g} % of ")
    assert len({condition.condition for condition in REQUIREMENTS}) == len(REQUIREMENTS)
    assert sum(condition.claim == PAIRS for condition in REQUIREMENTS) == 2


@pytest.fixture(scope="module")
def mostly_unmatched(make_queries) -> Queries:
    no_match = {"in_database": False}
    rows = [{}, no_match, no_match, no_match, no_match | {"status": "failed"}]
    return read_queries(check_queries(make_queries(rows)))


def _wrong_hits(scores: dict[int, list[float]]):
    query = np.array([q for q, each in scores.items() for _ in each], dtype=np.int64)
    score = np.array([s for each in scores.values() for s in each], dtype=float)
    return hits_from_arrays(query, np.zeros(len(query), dtype=bool), {"score": score}, 5)


def test_failed_queries_and_those_with_a_match_are_not_counted(mostly_unmatched) -> None:
    assert unmatched_queries(mostly_unmatched).tolist() == [False, True, True, True, False]


def test_the_best_hit_counts_and_no_hit_is_0(mostly_unmatched) -> None:
    hits = _wrong_hits({3: [2, 5, 4], 0: [9]})
    assert best_scores(hits, mostly_unmatched).tolist() == [9, 0, 0, 5, 0]


def test_the_distribution_by_hand(mostly_unmatched) -> None:
    rows = unmatched_scores(_wrong_hits({0: [9], 1: [2, 3], 2: [1]}), mostly_unmatched, 0.95)
    assert [row["score"] for row in rows] == [0, 1, 2, 3]
    assert [row["queries"] for row in rows] == [1, 1, 0, 1]
    assert [row["share"] for row in rows] == pytest.approx([1, 2 / 3, 1 / 3, 1 / 3])
    assert all(row["low"] <= row["share"] <= row["high"] for row in rows)
    assert {row["n"] for row in rows} == {3}


def test_without_such_queries_there_is_no_distribution(make_queries) -> None:
    matched = read_queries(check_queries(make_queries([{}] * 5)))
    assert unmatched_scores(_wrong_hits({0: [9]}), matched, 0.95) == []
