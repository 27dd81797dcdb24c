import numpy as np
import pytest

from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.claims import check_claims
from bench.evaluate.conditions import CONDITIONS, CUTOFF, EXACT, NO_MATCH
from bench.evaluate.hits import select_hits
from bench.evaluate.inputs import check_candidates, check_queries
from bench.evaluate.queries import read_queries
from bench.evaluate.settings import EvaluationSettings

ASKED = EvaluationSettings(n_resamples=200)
BEST = "F1 at 0.45 is at most 0.01 below F1 at the best cutoff of the other half"


def _check(queries, candidates) -> dict[str, dict[str, object]]:
    table = check_queries(queries)
    checked = check_candidates(candidates, table, {"tester": 63}, ASKED)
    run = read_queries(table)
    hits = select_hits(checked, len(run), ASKED)
    rows = check_claims(hits, run, draw_groups(run.n_groups, 200, 0), ASKED)
    assert [row["condition"] for row in rows] == [c.condition for c in CONDITIONS] + [BEST]
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
