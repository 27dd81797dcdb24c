"""The tables and figures of searches of a run."""

import pytest

from bench.kinds.scale.search_page import search_figures, search_listings
from bench.report.drawing import style


@pytest.mark.slow
@pytest.mark.engine
def test_figures_and_tables_show_what_was_measured(finished_scale):
    folder = finished_scale.folder
    figures = search_figures(folder)
    assert set(figures) == {"latency", "bytes", "found", "graphs"}
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
    figure, data = drawn["graphs"]
    assert [len(axes.lines) for axes in figure.axes] == [2, 2]  # a graph, and all compared
    assert data["num_candidates"].to_list() == [0, 20, 40]
    titles = [one.title for one in search_listings(folder, folder.manifest()["tables"])]
    assert titles[0] == "At what size does what win?"
    page = (folder.path / "report.html").read_text(encoding="utf-8")
    for title in titles:
        assert title in page
