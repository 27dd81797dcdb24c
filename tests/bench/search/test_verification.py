"""Expected hits, and that a difference is found."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bench.index.variant import Variant
from bench.runs.errors import MeasurementError
from bench.search.verification import (
    HIT,
    Verification,
    compare_hits,
    expected_hits,
    hits_digest,
    verify_candidates,
)
from imgsig.layouts import get_layout

QUERIES = np.arange(10, 16)
SIZE = 20


@given(
    scores=arrays(np.int64, 12, elements=st.integers(0, 5)),
    size=st.integers(1, 15),
    least=st.integers(1, 4),
)
def test_expected_hits_follow_the_rule(scores, size, least):
    documents, found = expected_hits(scores, size, least)
    counted = [(score, place) for place, score in enumerate(scores.tolist()) if score >= least]
    best = sorted(counted, key=lambda hit: (-hit[0], hit[1]))[:size]
    assert [(int(s), int(d)) for s, d in zip(found, documents, strict=True)] == best


def found_by(variant: Variant, queries, database, least: int = 1) -> pd.DataFrame:
    """What an exact engine returns."""
    scorer = get_layout(variant.layout).matcher.scorer(variant.scheme, database)
    rows = [
        (query, rank, doc, score)
        for query, signature in zip(QUERIES, queries, strict=True)
        for rank, (doc, score) in enumerate(
            zip(*expected_hits(scorer(signature), SIZE, least), strict=True)
        )
    ]
    return pd.DataFrame(rows, columns=["query", "rank", "doc", "score"])


@pytest.fixture
def variant() -> Variant:
    return Variant(20, 8, {"id": "none"})


@pytest.fixture
def searched(variant, signatures):
    database, queries = signatures[:100], signatures[200:206]
    return found_by(variant, queries, database), variant, QUERIES, queries, database


def test_equal_hits_are_counted(searched):
    verified = verify_candidates(*searched, size=SIZE)
    assert verified == Verification(len(searched[0]), exact=True, recall=1.0)
    assert verified.hits > 60
    assert Verification(**verified.to_json()) == verified


def test_a_least_number_of_words_is_taken_into_account(searched):
    _, variant, numbers, queries, database = searched
    found = found_by(variant, queries, database, least=4)
    rest = (variant, numbers, queries, database)
    assert verify_candidates(found, *rest, size=SIZE, minimum_should_match=4).hits == len(found)
    with pytest.raises(MeasurementError, match="instead of"):
        verify_candidates(found, *rest, size=SIZE)


@pytest.mark.parametrize("column", ["doc", "score"])
def test_a_single_wrong_value_is_found(searched, column):
    candidates = searched[0].copy()
    candidates.loc[30, column] += 1
    with pytest.raises(MeasurementError, match=f"query {candidates.loc[30, 'query']}, rank "):
        verify_candidates(candidates, *searched[1:], size=SIZE)


def test_a_missing_hit_is_found(searched):
    with pytest.raises(MeasurementError, match="instead of"):
        verify_candidates(searched[0].drop(index=len(searched[0]) - 1), *searched[1:], size=SIZE)


def test_a_query_without_any_hit_is_found(searched):
    candidates = searched[0]
    with pytest.raises(MeasurementError, match="returned nothing instead of"):
        verify_candidates(candidates[candidates["query"] != 12], *searched[1:], size=SIZE)


@pytest.fixture
def approximate(signatures):
    variant = Variant(20, 8, {"id": "none"}, layout="vector_byte_hnsw")
    database, queries = signatures[:100], signatures[200:206]
    return found_by(variant, queries, database), variant, QUERIES, queries, database


def test_an_approximate_engine_may_miss_hits(approximate):
    found, *rest = approximate
    assert verify_candidates(found, *rest, size=SIZE) == Verification(120, exact=False, recall=1)
    best = found[found["rank"] > 0].assign(rank=found["rank"] - 1)
    verified = verify_candidates(best, *rest, size=SIZE)
    tied = sum((own["score"] == own["score"].iloc[0]).all() for _, own in found.groupby("query"))
    assert tied == 0
    assert verified.recall == 114 / 120


def test_an_approximate_engine_must_score_and_order_what_it_returns(approximate):
    found, *rest = approximate
    wrong = found.assign(score=found["score"] + (found.index == 7))
    with pytest.raises(MeasurementError, match="query 10"):
        verify_candidates(wrong, *rest, size=SIZE)
    swapped = found.copy()
    swapped.loc[[0, 10], ["doc", "score"]] = found.loc[[10, 0], ["doc", "score"]].to_numpy()
    with pytest.raises(MeasurementError, match="query 10"):
        verify_candidates(swapped, *rest, size=SIZE)


def test_a_document_returned_twice_is_found(approximate):
    found, *rest = approximate
    twice = found.copy()
    twice.loc[1, ["doc", "score"]] = twice.loc[0, ["doc", "score"]]
    with pytest.raises(MeasurementError, match="query 10"):
        verify_candidates(twice, *rest, size=SIZE)


def reordered(candidates: pd.DataFrame) -> pd.DataFrame:
    """Hits of equal score in the opposite order, as several shards may return them."""
    ordered = candidates.sort_values(["query", "score", "doc"], ascending=[True, False, False])
    return ordered.assign(rank=ordered.groupby("query").cumcount())


def test_of_several_shards_the_order_of_equals_does_not_matter(searched):
    candidates, *rest = searched
    turned = reordered(candidates)
    assert (turned["doc"].to_numpy() != candidates["doc"].to_numpy()).any()
    assert verify_candidates(turned, *rest, size=SIZE, shards=3).hits == len(candidates)
    with pytest.raises(MeasurementError, match="instead of"):
        verify_candidates(turned, *rest, size=SIZE)


@pytest.mark.parametrize("column", ["doc", "score"])
def test_of_several_shards_a_wrong_value_is_found_too(searched, column):
    candidates, *rest = searched
    wrong = reordered(candidates)
    place = wrong.index[0]
    wrong.loc[place, column] = wrong.loc[wrong.index[1], "doc"] if column == "doc" else 1
    with pytest.raises(MeasurementError, match="query 10"):
        verify_candidates(wrong, *rest, size=SIZE, shards=3)


HITS = [(3, 0, 7, 20), (3, 1, 2, 9), (8, 0, 5, 63), (8, 1, 6, 4), (8, 2, 7, 4)]


def table(rows):
    return pd.DataFrame(rows, columns=HIT)


def test_equal_hits_pass_in_any_order_of_rows():
    compare_hits("made", table(HITS), table(HITS[::-1]))
    compare_hits("made", table([]), table([]))


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (
            [*HITS[:3], (8, 1, 7, 4), (8, 2, 6, 4)],
            "query 8, rank 1: .*document 7 with score 4 .*document 6 with score 4 .2 of 5",
        ),
        ([HITS[0], (3, 1, 2, 8), *HITS[2:]], "query 3, rank 1: .*score 8 .*score 9 .1 of 5"),
        (HITS[:4], "query 8, rank 2: .*returned nothing .*document 7 with score 4"),
        ([*HITS, (9, 0, 1, 1)], "query 9, rank 0: .*document 1 with score 1 instead of nothing"),
        ([], "query 3, rank 0: .*returned nothing"),
    ],
)
def test_the_first_difference_is_named(found, message):
    with pytest.raises(MeasurementError, match="index 'made', " + message):
        compare_hits("made", table(found), table(HITS))


def test_a_digest_is_of_the_columns_asked_for():
    table_of = pd.DataFrame({"doc": [1, 2], "distance": [0.5, float("nan")]})
    other = table_of.assign(distance=[0.5, 0.25])
    assert hits_digest(table_of, ["doc"]) == hits_digest(other, ["doc"])
    assert hits_digest(table_of, ["distance"]) == hits_digest(table_of.copy(), ["distance"])
    assert hits_digest(table_of, ["distance"]) != hits_digest(other, ["distance"])
