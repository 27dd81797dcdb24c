"""What a graph needs to find nearly all, by hand, and what is drawn of it."""

import numpy as np
import pandas as pd
import pytest

from bench.kinds.scale.graphs import found_in_time, graph_sentences, searched_graphs
from bench.report.drawing import style
from bench.runs.folder import RunFolder, write_json, write_parquet


@pytest.mark.parametrize(
    ("recalls", "said"),
    [
        ([0.9, 0.99], "graph finds 99.0% of the exact hits with 200 candidates in 4.0 ms"),
        ([0.5, 0.7], "graph never finds 98%; it finds 70.0% of the exact hits with 200"),
    ],
)
def test_a_graph_is_told_by_what_it_needs_to_find_nearly_all(recalls, said):
    rows = [
        {
            "documents": documents,
            "variant": "graph",
            "num_candidates": count,
            "recall": recall,
            "latency_p50": count / 50,
            "ratio_to_exact": 0.1,
            "ratio_low": 0.09,
            "ratio_high": 0.11,
        }
        for documents in (100, 1_000)
        for count, recall in zip((100, 200), recalls, strict=True)
    ]
    (sentence,) = graph_sentences(pd.DataFrame(rows))
    assert sentence.startswith(f"At 1,000 documents {said}")
    assert sentence.endswith("0.10 times as long as comparing with all (0.09 to 0.11).")


def test_a_graph_alone_is_beside_nothing():
    row = {"documents": 100, "variant": "graph", "num_candidates": 200, "recall": 0.99}
    row |= {"latency_p50": 4.0} | dict.fromkeys(("ratio_to_exact", "ratio_low", "ratio_high"), None)
    (sentence,) = graph_sentences(pd.DataFrame([row]).astype({"ratio_to_exact": float}))
    assert sentence.endswith("with 200 candidates in 4.0 ms.")


def written(index, layout):
    return {"N": 63, "k": 16, "codec": {"id": "none"}, "layout": layout, "index": index}


VARIANTS = [
    written("flat", "vector_sign_flat"),
    written("words", "keyword_column"),
    written("graph", "vector_sign_hnsw"),
]


def live_rows(**columns):
    rows = pd.DataFrame(
        [
            ("flat", 100, 0, 1.0, 8.0, np.nan),
            ("graph", 100, 100, 0.5, 2.0, 0.25),
            ("graph", 100, 200, 0.6, 4.0, 0.5),
            ("flat", 1_000, 0, 1.0, 80.0, np.nan),
            ("words", 1_000, 0, 1.0, 20.0, np.nan),
            ("graph", 1_000, 100, 0.4, 2.0, 0.025),
            ("graph", 1_000, 200, 0.5, 4.0, 0.05),
        ],
        columns=[
            "variant",
            "documents",
            "num_candidates",
            "recall",
            "latency_p50",
            "ratio_to_exact",
        ],
    )
    return rows.assign(**columns)


def test_searches_of_all_documents_at_the_largest_size_are_told():
    filtered = live_rows(filtered_share=0.1)
    rows = pd.concat([live_rows(filtered_share=1.0), filtered], ignore_index=True)
    own = searched_graphs(rows)
    assert own["recall"].to_list() == [0.4, 0.5]
    assert searched_graphs(live_rows())["num_candidates"].to_list() == [100, 200]


@pytest.mark.parametrize(("columns", "panels"), [({}, 1), ({"candidate_recall": 0.3}, 2)])
def test_a_line_a_graph_and_a_star_where_all_are_compared(tmp_path, columns, panels):
    write_parquet(tmp_path / "live.parquet", live_rows(**columns))
    write_json(tmp_path / "work" / "config.json", {"variants": VARIANTS})
    with style():
        figure, data = found_in_time(RunFolder(tmp_path))
    assert len(figure.axes) == panels
    for axes in figure.axes:
        graph, exact = axes.lines
        assert list(graph.get_xdata()) == [2.0, 4.0]
        assert list(exact.get_xdata()) == [80.0]
        assert [text.get_text() for text in axes.texts] == ["100", "200"]
    assert data["variant"].to_list() == ["flat", "graph", "graph"]
    assert data["recall"].to_list() == [1.0, 0.4, 0.5]
