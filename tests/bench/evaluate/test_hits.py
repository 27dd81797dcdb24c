import numpy as np
import pandas as pd
import pytest

from bench.evaluate.estimates import values_per_query
from bench.evaluate.hits import Hits, hits_from_arrays, right_places, select_hits
from bench.evaluate.inputs import (
    EvaluationInputError,
    check_candidates,
    check_queries,
    read_queries,
)
from bench.evaluate.rankings import DISTANCE, SCORE, hybrid_ranking
from bench.evaluate.settings import EvaluationSettings

ANSWERS = {
    0: [(9, 0.2, "ignored"), (8, 0.45, "right"), (5, 0.3, "wrong")],
    1: [(4, 0.5, "wrong"), (3, 0.1, "wrong")],
}


@pytest.fixture
def select(make_queries, make_candidates):
    def chosen(answers=ANSWERS, **settings) -> Hits:
        wanted = EvaluationSettings(**settings)
        queries = check_queries(make_queries([{}, {}]))
        table = check_candidates(make_candidates(answers), queries, {"tester": 9}, wanted)
        return select_hits(table, 2, wanted)

    return chosen


def test_ignored_hits_are_gone(select) -> None:
    hits = select()
    assert hits.query.tolist() == [0, 0, 1, 1]
    assert hits.right.tolist() == [True, False, False, False]
    assert hits.by_ranking["score"].tolist() == [8, 5, 4, 3]
    assert hits.by_ranking["distance"].tolist() == [0.45, 0.3, 0.5, 0.1]
    assert hits.right_candidates.tolist() == [1, 0]


def test_cutoffs_apply_to_both_rankings_and_leave_candidates_alone(select) -> None:
    hits = select(score_cutoff=4, distance_cutoff=0.45)
    assert hits.by_ranking["score"].tolist() == [5]
    assert hits.by_ranking["distance"].tolist() == [0.3]
    assert hits.right_candidates.tolist() == [1, 0]


def test_without_a_signature_there_is_no_distance_to_rank_or_cut(select) -> None:
    answers = {query: [(s, np.nan, r) for s, _, r in hits] for query, hits in ANSWERS.items()}
    hits = select(answers, distance_cutoff=0.1)
    assert list(hits.by_ranking) == ["score"]
    assert hits.by_ranking["score"].tolist() == [8, 5, 4, 3]


def test_a_variant_that_found_nothing_has_every_ranking(select) -> None:
    assert list(select({}).by_ranking) == ["score", "distance", "score_then_distance"]


def test_signs_give_their_rankings(make_queries, make_candidates) -> None:
    settings = EvaluationSettings()
    queries = check_queries(make_queries([{}, {}]))
    answers = {query: [(s, np.nan, r) for s, _, r in hits] for query, hits in ANSWERS.items()}
    signs = make_candidates(answers).assign(sign_distance=[0.1, 0.5, 0.25, 1.0, 0.0])
    hits = select_hits(check_candidates(signs, queries, {"tester": 9}, settings), 2, settings)
    assert list(hits.by_ranking) == ["score", "sign_distance", "score_then_sign"]
    assert hits.by_ranking["sign_distance"].tolist() == [0.5, 0.25, 1.0, 0.0]
    assert hits.by_ranking["score_then_sign"].tolist() == [7.75, 4.875, 3.5, 3.0]


def test_arrays_give_the_hits_of_the_table(select) -> None:
    of_table = select()
    columns = {name: of_table.by_ranking[name] for name in ("score", "distance")}
    of_arrays = hits_from_arrays(of_table.query, of_table.right, columns, 2)
    assert list(of_arrays.by_ranking) == list(of_table.by_ranking)
    for name, values in of_table.by_ranking.items():
        np.testing.assert_array_equal(of_arrays.by_ranking[name], values)
    assert of_arrays.right_candidates.tolist() == of_table.right_candidates.tolist() == [1, 0]


def test_one_more_ranking_leaves_the_others(select) -> None:
    hits = select()
    more = hits.ranked_by(hybrid_ranking(4, 8))
    assert more.by_ranking["hybrid"].tolist() == [8, 7.6, 7.5, 3]
    assert more.by_ranking.keys() - hits.by_ranking.keys() == {"hybrid"}


def test_hits_of_some_queries_keep_their_rows(select) -> None:
    part = select().of(np.array([False, True]))
    assert part.query.tolist() == [1, 1]
    assert part.by_ranking["distance"].tolist() == [0.5, 0.1]
    assert not part.right_candidates.any()


@pytest.mark.parametrize(
    ("query", "n_scores", "message"),
    [
        ([0, 7], 2, "rows 0 to 7; they must be 0 to 1"),
        ([-1, 0], 2, "rows -1 to 0"),
        ([0, 1], 3, "score has 3 hits and query has 2"),
    ],
)
def test_arrays_that_do_not_fit(query, n_scores: int, message: str) -> None:
    scores = {"score": np.ones(n_scores)}
    with pytest.raises(EvaluationInputError, match=message):
        hits_from_arrays(np.array(query), np.array([True, False]), scores, 2)


# Query 0: one better, two tied. Query 1: alone at the top. Query 2: only wrong hits. Query 3: none.
TIED = Hits(
    query=np.array([0, 0, 0, 0, 0, 1, 1, 2]),
    right=np.array([False, False, True, False, False, True, False, False]),
    by_ranking={
        "score": np.array([9.0, 5, 5, 5, 2, 8, 7, 6]),
        "distance": np.array([0.3, 0.2, 0.1, 0.5, 0.6, 0.4, 0.1, 0.2]),
    },
    right_candidates=np.array([1, 1, 0, 1]),
)


def test_places_by_score() -> None:
    query, places = right_places(TIED, SCORE)
    assert query.tolist() == [0, 1]
    assert places.wrong_before.tolist() == [1, 0]
    assert places.wrong_tied.tolist() == [2, 0]
    for alone in (places.turn, places.right_tied, places.right_before + 1):
        assert alone.tolist() == [1, 1]


def test_places_by_distance() -> None:
    _, places = right_places(TIED, DISTANCE)
    assert places.wrong_before.tolist() == [0, 1]
    assert places.wrong_tied.tolist() == [0, 0]


def test_recall_of_the_candidates_has_its_bounds(make_queries, make_candidates):
    hits = {
        0: [(5, 0.5, "wrong"), (3, 0.5, "right")],  # returned, one of 4 of its score
        1: [(5, 0.5, "wrong"), (3, 0.5, "wrong")],  # cut off, one of 5
        2: [(5, 0.5, "right"), (3, 0.5, "wrong")],  # above
        3: [(5, 0.5, "right")],  # the list is not full
    }
    cut = pd.DataFrame(
        [(0, 1, 4, 1, 1), (1, 1, 5, 0, 1), (2, 1, 7, 0, 0)],
        columns=["query", "kept", "tied", "right_kept", "right_tied"],
    )
    asked = EvaluationSettings(n_candidates=2, n_resamples=10)
    table = check_queries(make_queries([{}] * 4))
    checked = check_candidates(make_candidates(hits), table, {"tester": 8}, asked)
    run = read_queries(table)
    values = values_per_query(select_hits(checked, 4, asked, cut), SCORE, run, asked)
    assert {
        tie: values["candidate_recall@2", tie].tolist()
        for tie in ("none", "optimistic", "expected", "pessimistic")
    } == {
        "none": [1, 0, 1, 1],
        "optimistic": [1, 1, 1, 1],
        "expected": [0.25, 0.2, 1, 1],
        "pessimistic": [0, 0, 1, 1],
    }
