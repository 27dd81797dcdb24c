"""What answers bring, by hand."""

import pandas as pd
import pytest

from bench.kinds.scale.cost_page import fetched, fetched_listings, fetched_sentences

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
