import pandas as pd
import pytest

from bench.evaluate import EvaluationSettings, evaluate
from bench.evaluate.top import EMPTY, FOUND, MATCHED, UNMATCHED, WRONG

ASKED = EvaluationSettings(n_resamples=40)


@pytest.fixture(scope="module")
def top(make_queries, make_candidates):
    hits = {
        0: [(8, 0.1, "right"), *[(3, 0.6, "wrong")] * 9],  # first
        1: [*[(5, 0.5, "wrong")] * 3, (5, 0.2, "right")],  # one of four that are equal by score
        2: [],  # has a match, and finds nothing
        3: [(4, 0.5, "wrong"), (2, 0.6, "wrong")],  # has none
        4: [],
    }
    queries = make_queries([{"in_database": number < 3} for number in range(5)])
    tables = evaluate(queries, make_candidates(hits), {"tester": 8}, ASKED)
    return tables.top.set_index(["ranking", "top", "queries", "measure"])["value"]


@pytest.mark.parametrize(("ranking", "first"), [("score", 1 + 1 / 4), ("distance", 2)])
def test_what_the_first_results_show(top: pd.Series, ranking: str, first: float) -> None:
    own = top[ranking]
    assert own[1, MATCHED, FOUND] == pytest.approx(first / 3)
    assert own[1, MATCHED, WRONG] == pytest.approx((2 - first) / 3)
    assert own[5, MATCHED, FOUND] == pytest.approx(2 / 3)
    assert own[5, MATCHED, WRONG] == pytest.approx((4 + 3) / 3)
    assert own[20, MATCHED, WRONG] == pytest.approx((9 + 3) / 3)


def test_without_a_match_all_of_it_is_wrong(top: pd.Series) -> None:
    own = top["score"]
    assert [own[number, UNMATCHED, WRONG] for number in (1, 5)] == [0.5, 1]
    assert own[10, UNMATCHED, EMPTY] == 0.5
