import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.evaluate.curves import curve, kept_counts
from bench.evaluate.hits import select_hits
from bench.evaluate.inputs import check_candidates, check_queries
from bench.evaluate.queries import read_queries
from bench.evaluate.rankings import RANKINGS, SCORE, Ranking
from bench.evaluate.settings import EvaluationSettings

rankings = pytest.mark.parametrize("ranking", RANKINGS.values(), ids=list(RANKINGS))


@rankings
@given(
    values=st.lists(st.sampled_from([0.0, 0.005, 0.3, 0.45, 1.0, 2.0, 7.0, 8.0]), max_size=30),
)
def test_counts_follow_the_cutoff_rule(ranking: Ranking, values: list[float]) -> None:
    cutoffs = ranking.cutoffs(8)
    column = np.array(values, dtype=float)
    expected = [ranking.keeps(column, cutoff).sum() for cutoff in cutoffs]
    assert kept_counts(column, ranking, cutoffs).tolist() == expected


def test_a_curve_by_hand(make_queries, make_candidates) -> None:
    settings = EvaluationSettings()
    table = check_queries(
        make_queries([{}, {"in_database": False}, {"status": "failed"}, {"half": "report"}])
    )
    answers = {
        0: [(3, 0.2, "right"), (2, 0.5, "wrong"), (1, 0.1, "ignored")],
        1: [(2, 0.6, "wrong")],
        3: [(4, 0.6, "wrong")],
    }
    candidates = check_candidates(make_candidates(answers), table, {"tester": 4}, settings)
    queries = read_queries(table)
    hits = select_hits(candidates, len(queries), settings)
    found = curve(hits, SCORE, queries, queries.halves["tune"], SCORE.cutoffs(4))
    assert found["tp"].tolist() == [1, 1, 1, 0]
    assert found["fp"].tolist() == [2, 2, 0, 0]
    assert found["n_right"].tolist() == [2] * 4
    np.testing.assert_allclose(found["precision"], [1 / 3, 1 / 3, 1, np.nan])
    np.testing.assert_allclose(found["recall"], [0.5, 0.5, 0.5, 0])
