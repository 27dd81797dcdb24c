"""What a graph needs, by hand, and the tables and figures of a run."""

import pandas as pd
import pytest

from bench.kinds.scale.search_page import _graph_sentences, search_figures, search_listings
from bench.report.drawing import style


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
    (sentence,) = _graph_sentences(pd.DataFrame(rows))
    assert sentence.startswith(f"At 1,000 documents {said}")
    assert sentence.endswith("0.10 times as long as comparing with all (0.09 to 0.11).")


def test_a_graph_alone_is_beside_nothing():
    row = {"documents": 100, "variant": "graph", "num_candidates": 200, "recall": 0.99}
    row |= {"latency_p50": 4.0} | dict.fromkeys(("ratio_to_exact", "ratio_low", "ratio_high"), None)
    (sentence,) = _graph_sentences(pd.DataFrame([row]).astype({"ratio_to_exact": float}))
    assert sentence.endswith("with 200 candidates in 4.0 ms.")


@pytest.mark.slow
@pytest.mark.engine
def test_figures_and_tables_show_what_was_measured(finished_scale):
    folder = finished_scale.folder
    figures = search_figures(folder)
    assert set(figures) == {"latency", "bytes", "found"}
    sizes, quality = folder.table("sizes"), folder.table("quality")
    with style():
        drawn = {name: draw(folder) for name, (draw, _) in figures.items()}
    own = sizes[sizes["origin"] == "collection"]
    _, data = drawn["bytes"]
    assert data["bytes_per_document"].to_list() == own["bytes_per_document"].to_list()
    figure, data = drawn["latency"]
    assert len(figure.axes[0].lines) == own["variant"].nunique()
    _, data = drawn["found"]
    assert len(data) == (quality["measure"].isin(["uAP", "candidate_recall@20"])).sum()
    titles = [one.title for one in search_listings(folder, folder.manifest()["tables"])]
    assert titles[0] == "At what size does what win?"
    page = (folder.path / "report.html").read_text(encoding="utf-8")
    for title in titles:
        assert title in page
