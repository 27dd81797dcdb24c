"""What answers bring, by hand."""

import pandas as pd
import pytest

from bench.kinds.scale.cost_page import (
    fetched,
    fetched_listings,
    fetched_sentences,
    narrowed,
    narrowed_listings,
    narrowed_sentences,
)

#: Bytes and milliseconds of an index with signatures, and of one without.
TAKEN = {
    ("tester", "signature"): (180_000.4, 27.0),
    ("tester", "id"): (12_000.0, 18.0),
    ("bits", "signature"): (12_000.3, 8.0),
    ("bits", "id"): (12_000.0, 8.1),
}


@pytest.fixture
def cost() -> pd.DataFrame:
    """As ``search_cost``, with conditions that are not the base."""
    rows = [
        {
            "documents": documents,
            "variant": variant,
            "clock": clock,
            "clients": clients,
            "minimum_should_match": 1,
            "fetch": fetch,
            "state": "warm",
            "hits": 100.0,
            "p50": p50 * clients,
            "answer_bytes": taken,
        }
        for documents in (100, 1_000)
        for clients in (1, 2)
        for (variant, fetch), (taken, p50) in TAKEN.items()
        for clock in ("service", "latency")
    ]
    return pd.DataFrame(rows)


def test_an_index_has_a_row_for_what_is_fetched(cost):
    table = fetched(cost)
    assert table["documents"].to_list() == [100] * 4 + [1_000] * 4
    own = table[table["documents"] == 1_000].set_index(["variant", "fetch"])
    assert own.index.to_list() == list(TAKEN)
    assert own[["answer_bytes", "p50"]].apply(tuple, axis=1).to_dict() == TAKEN


def test_only_an_index_with_signatures_is_told(cost):
    assert fetched_sentences(fetched(cost)) == [
        "At 1,000 documents an answer of tester with the signatures of its hits is 180 kB and "
        "takes 27.0 ms, with ids alone 12.0 kB and 18.0 ms."
    ]
    assert fetched_sentences(fetched(cost[cost["fetch"] == "signature"])) == []


def test_runs_that_did_not_count_bytes_say_nothing(cost):
    before = cost.drop(columns="answer_bytes")
    assert fetched_listings(before) == fetched_sentences(fetched(before)) == []
    (listing,) = fetched_listings(cost)
    assert len(listing.table) == 2 * len(TAKEN)


@pytest.fixture
def live() -> pd.DataFrame:
    """As ``live``, with an index that no words narrow, and a graph."""
    nothing = float("nan")
    rows = [
        {
            "documents": documents,
            "variant": variant,
            "num_candidates": candidates,
            "filtering_words": words,
            "filtered_share": share,
            "queries": 10,
            "hits": 1_000 - 300 * words,
            "recall": 1.0,
            "candidate_recall": 0.9 - words / 10,
            "latency_p50": 8.0,
            "ratio_to_unfiltered": ratio,
            "unfiltered_low": ratio - 0.05,
            "unfiltered_high": ratio + 0.05,
        }
        for documents in (100, 1_000)
        for variant, candidates, words, share, ratio in (
            ("bits", 0, 0, 1.0, nothing),
            ("bits", 0, 0, 0.1, 0.2),
            ("graph", 20, 0, 1.0, nothing),
            ("graph", 20, 0, 0.1, 1.5),
            ("both", 0, 0, 1.0, nothing),
            ("both", 0, 1, 1.0, 0.5),
            ("both", 0, 2, 1.0, 0.4),
            ("both", 0, 0, 0.1, 0.3),
        )
    ]
    return pd.DataFrame(rows)


def test_words_as_filter_are_told_beside_all_documents(live):
    table = narrowed(live, "filtering_words")
    assert set(table["variant"]) == {"both"}
    assert table["hits_a_query"].to_list() == [100, 70, 40] * 2
    assert narrowed_sentences(live)[0] == (
        "At 1,000 documents comparing with the bits of those alone that share 1, 2 words with the "
        "query takes both 0.50 times (0.45 to 0.55), 0.40 times (0.35 to 0.45) as long as "
        "comparing with all; a right answer is among the hits of 0.800, 0.700 of the queries in "
        "place of 0.900."
    )
    assert [len(one.table) for one in narrowed_listings(live)] == [6, 12]


def test_a_filter_is_told_of_indices_that_compare_with_all(live):
    table = narrowed(live, "filtered_share")
    assert table["filtered_share"].to_list() == [1, 0.1] * 6
    assert narrowed_sentences(live)[1:] == [
        "At 1,000 documents, with a filter on the path that keeps 10% of them, the time of a "
        "search beside that without it is: bits 0.20 times (0.15 to 0.25), both 0.30 times (0.25 "
        "to 0.35)."
    ]


def test_runs_without_filters_say_nothing(live):
    before = live.drop(columns=["filtering_words", "filtered_share"])
    assert narrowed_listings(before) == narrowed_sentences(before) == []
    only_words = narrowed_listings(live.drop(columns="filtered_share"))
    assert [one.title for one in only_words] == ["Words as filter of bits"]
