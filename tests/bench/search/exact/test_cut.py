"""What the last place cuts off, counted again hit by hit."""

import numpy as np
import pandas as pd
import pytest

from bench.index.variant import Variant
from bench.search.exact.cut import cut_table
from bench.search.verification import expected_hits
from imgsig.layouts import get_layout

SIZE = 8
WORDS = Variant(63, 3, {"id": "none"})  # words so short that many documents have equal scores


@pytest.fixture(scope="module")
def searched(signed):
    scorer = get_layout(WORDS.layout).matcher.scorer(WORDS.scheme, signed.database)
    rows = []
    for query, status in zip(signed.queries["query"], signed.queries["status"], strict=True):
        if status != "ok":
            continue
        docs, values = expected_hits(scorer(signed.query_signatures[query]), SIZE)
        rows += [(query, rank, *hit) for rank, hit in enumerate(zip(docs, values, strict=True))]
    table = pd.DataFrame(rows, columns=["query", "rank", "doc", "score"])
    table["relation"] = signed.relations(table["query"].to_numpy(), table["doc"].to_numpy())
    return table.assign(variant=WORDS.index_name, distance=np.nan)


def test_documents_of_the_last_score_are_counted(signed, searched):
    table = cut_table([WORDS], searched, signed, SIZE)
    scorer = get_layout(WORDS.layout).matcher.scorer(WORDS.scheme, signed.database)
    assert len(table) == searched["query"].nunique()
    for row in table.itertuples():
        own = searched[searched["query"] == row.query]
        scores = scorer(signed.query_signatures[row.query])
        tied = np.flatnonzero(scores == row.score)
        relations = signed.relations(np.full(len(tied), row.query), tied)
        at_last = own[own["score"] == row.score]
        assert row.score == own["score"].min()
        assert (row.kept, row.tied) == (len(at_last), len(tied))
        assert row.right_kept == (at_last["relation"] == "right").sum()
        assert row.right_tied == (relations == "right").sum()


def test_lists_that_are_not_full_and_inexact_layouts_have_no_rows(signed, searched):
    assert cut_table([WORDS], searched, signed, SIZE + 1).empty
    vector = Variant(63, 16, {"id": "none"}, layout="vector_bit_hnsw")
    assert cut_table([vector], searched.assign(variant=vector.index_name), signed, SIZE).empty
