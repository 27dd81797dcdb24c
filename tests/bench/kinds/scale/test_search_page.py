"""Which index wins at which size, by hand, and the figures of a run."""

import pandas as pd
import pytest

from bench.kinds.scale.search_page import (
    _graph_sentences,
    _winner_sentences,
    search_figures,
    search_listings,
    winners,
)
from bench.report.drawing import style

#: Recall, milliseconds and bytes of three indices at two sizes.
TAKEN = {
    (100, "tester"): (0.9, 10.0, 3_600.0),
    (100, "small"): (0.95, 8.0, 50.0),
    (100, "quick"): (0.9, 2.0, 90.0),
    (1_000, "tester"): (0.9, 60.0, 3_500.0),
    (1_000, "small"): (0.95, 20.0, 49.0),
    (1_000, "quick"): (0.89, 3.0, 88.0),
}


@pytest.fixture
def cost() -> pd.DataFrame:
    """As ``search_cost``, with a condition that is not the base."""
    rows = [
        {
            "documents": documents,
            "variant": variant,
            "clock": "latency",
            "clients": clients,
            "minimum_should_match": 1,
            "fetch": "signature",
            "state": "warm",
            "p50": p50 * clients,
            "p95": 2 * p50,
            "candidate_recall": recall,
            "ratio_to_first": p50 / TAKEN[documents, "tester"][1],
        }
        for clients in (1, 4)
        for (documents, variant), (recall, p50, _) in TAKEN.items()
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def sizes() -> pd.DataFrame:
    """As ``sizes``, with an index of synthetic documents alone."""
    rows = [
        {"documents": n, "variant": v, "origin": "collection", "bytes_per_document": taken[2]}
        for (n, v), taken in TAKEN.items()
    ]
    return pd.DataFrame([rows[0] | {"origin": "synthetic", "bytes_per_document": 1.0}, *rows])


def test_only_what_finds_as_much_as_the_first_wins(cost, sizes):
    table = winners(cost, sizes).set_index(["documents", "variant"])
    assert len(table) == len(TAKEN)
    assert table.index[table["smallest"]].to_list() == [(100, "small"), (1_000, "small")]
    assert table.index[table["fastest"]].to_list() == [(100, "quick"), (1_000, "small")]
    assert table.loc[(100, "tester"), "bytes_per_document"] == 3_600


def test_the_verdict_names_the_winners_of_each_size(cost, sizes):
    first, last = _winner_sentences(winners(cost, sizes))
    assert "At 100 documents" in first
    assert "small is smallest (50 bytes a document, 8.0 ms, 1.3 times as fast" in first
    assert "quick fastest (90 bytes a document, 2.0 ms, 5.0 times as fast, recall 0.900" in first
    assert "small is smallest and fastest: 49 bytes a document, 20.0 ms, 3.0 times" in last
    assert last.endswith("tester: 3,500 bytes a document, 60.0 ms, recall 0.900.")


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
