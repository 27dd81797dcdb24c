"""What graphs find, from the raw rows."""

import numpy as np
import pandas as pd
import pytest

from bench.index.variant import Variant
from bench.kinds.scoring.graph import _check_order, check_graph, graph_sentence, graph_table
from bench.runs.errors import WrongIndexError


@pytest.fixture
def tables():
    """A flat scan of 4 queries, and a graph that misses some with few candidates."""
    base = pd.DataFrame({"query": [3, 5, 6, 9], "wanted": 10, "took_ms": 2.0, "latency_ms": 4.0})
    right = [True, True, False, False]
    parts = [base.assign(index="flat", num_candidates=0, found=10, first_is_right=right)]
    fast = base.assign(index="graph", num_candidates=10, found=[10, 8, 8, 10], latency_ms=1.0)
    parts.append(fast.assign(first_is_right=[True, False, False, False]))
    slow = base.assign(index="graph", num_candidates=40, found=10, latency_ms=2.0)
    parts.append(slow.assign(first_is_right=right))
    sizes = {"documents": 10, "store_bytes": [490, 1100], "bytes_per_document": [49.0, 110.0]}
    built = {"index": ["flat", "graph"], "m": [0, 8], "ef_construction": [0, 100]}
    answers = {"query": np.arange(10), "in_database": np.arange(10) != 9}
    return {
        "graph_searches": pd.concat(parts, ignore_index=True),
        "graph_indices": pd.DataFrame(built | sizes),
        "queries": pd.DataFrame(answers),
    }


def test_a_graph_finds_a_share_of_the_flat_scans_hits(scoring, tables):
    table = graph_table(scoring, tables["queries"], tables).set_index("num_candidates")
    assert table["recall"].tolist() == [1, 0.9, 1]
    assert table["recall@1"].tolist() == pytest.approx([2 / 3, 1 / 3, 2 / 3])
    assert table["ratio"].tolist() == [1, 0.25, 0.5]
    assert table["bytes_per_document"].tolist() == [49, 110, 110]
    said = graph_sentence(table.reset_index())
    assert "the fastest is graph (m 8, ef_construction 100) with 40 candidates" in said
    assert graph_sentence(table.reset_index()[:2]).startswith("No graph finds 95%")


def test_raw_rows_that_are_amiss_are_told(scoring, tables):
    tables["graph"] = graph_table(scoring, tables["queries"], tables)
    assert all(check.holds for check in check_graph(scoring, tables))
    tables["graph_searches"].loc[0, "found"] = 9
    assert [check.holds for check in check_graph(scoring, tables)] == [False, False]


def test_hits_out_of_order_are_an_error():
    scores, best = np.array([5, 9, 7, 7]), np.array([1, 2, 3])
    flat, graph = (
        Variant(63, 16, {"id": "none"}, layout=f"vector_sign_{how}", name=how)
        for how in ("flat", "hnsw")
    )
    _check_order(flat, 0, best, scores, best)
    _check_order(graph, 0, np.array([1, 3, 0]), scores, best)  # one is missing
    for variant, docs in ((flat, [1, 3, 0]), (graph, [3, 2])):
        with pytest.raises(WrongIndexError, match=f"index '{variant.index_name}', query 0"):
            _check_order(variant, 0, np.array(docs), scores, best)
