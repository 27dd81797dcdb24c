import numpy as np
import pytest

from bench.evaluate.hits import Hits, select_hits
from bench.evaluate.inputs import check_candidates, check_queries
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
    assert hits.is_candidate.tolist() == [True, False]


def test_size_counts_the_engines_places_ignored_hits_included(select) -> None:
    hits = select(size=2)
    assert hits.by_ranking["score"].tolist() == [8, 4, 3]
    assert select(size=1).is_candidate.tolist() == [False, False]


def test_cutoffs_apply_to_both_rankings_and_leave_candidates_alone(select) -> None:
    hits = select(score_cutoff=4, distance_cutoff=0.45)
    assert hits.by_ranking["score"].tolist() == [5]
    assert hits.by_ranking["distance"].tolist() == [0.3]
    assert hits.is_candidate.tolist() == [True, False]


def test_without_a_signature_there_is_no_distance_to_rank_or_cut(select) -> None:
    answers = {query: [(s, np.nan, r) for s, _, r in hits] for query, hits in ANSWERS.items()}
    hits = select(answers, distance_cutoff=0.1)
    assert list(hits.by_ranking) == ["score"]
    assert hits.by_ranking["score"].tolist() == [8, 5, 4, 3]


def test_a_variant_that_found_nothing_has_every_ranking(select) -> None:
    assert list(select({}).by_ranking) == ["score", "distance"]


def test_hits_of_some_queries_keep_their_rows(select) -> None:
    part = select().of(np.array([False, True]))
    assert part.query.tolist() == [1, 1]
    assert part.by_ranking["distance"].tolist() == [0.5, 0.1]
    assert not part.is_candidate.any()
