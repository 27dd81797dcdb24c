"""Figures of made tables."""

import numpy as np
import pandas as pd
import pytest

from bench.index.variant import parameters
from bench.kinds.sweep.figures import FIGURES, byte_grid, pareto, word_grid
from bench.kinds.sweep.grid import expand
from bench.kinds.sweep.pareto import pareto_table
from bench.report.drawing import write_figures
from bench.runs.folder import RunFolder


@pytest.fixture
def folder(sweep, tmp_path):
    rng = np.random.default_rng(0)
    rows = []
    for name, scheme in expand(sweep).schemes.items():
        for ranking in ("score", "distance", "sign_distance"):
            value = rng.uniform(0.5, 0.9)
            size = np.nan if ranking == "sign_distance" else rng.uniform(30, 900)
            rows.append(
                {"variant": name, **parameters(scheme), "ranking": ranking, "measure": "uAP",
                 "value": value, "low": value - 0.05, "high": value + 0.05, "n": 9,
                 "layout": "tagged_long", "bytes_per_document": size, "bytes_low": size * 0.9,
                 "bytes_high": size * 1.1, "size_source": rng.choice(["measured", "predicted"])}
            )  # fmt: skip
    folder = RunFolder(tmp_path)
    table = pd.DataFrame(rows)
    folder.write_table("sweep", table)
    folder.write_table("pareto", pareto_table(table))
    return folder


def test_figures_are_written_with_their_data(folder):
    svgs = write_figures(folder, FIGURES)
    assert set(svgs) == {"word_grid", "byte_grid", "pareto"}
    for name in svgs:
        for kind in ("png", "svg", "csv"):
            assert (folder.path / "figures" / f"{name}.{kind}").stat().st_size > 100


def test_the_grid_shows_words_as_image_match_takes_them(folder):
    figure, data = word_grid(folder)
    assert set(data["variant"]) == {"63x16", *(f"{N}x{k}" for N in (8, 20, 40) for k in (4, 9, 20))}
    assert len(figure.axes) == 4  # a panel a ranking, and the scale
    cells = [text.get_text() for text in figure.axes[0].texts]
    own = data[data["ranking"] == "score"]
    assert sorted(cells) == sorted(f"{100 * value:.0f}" for value in own["value"])


def test_the_grid_of_bytes_has_a_panel_a_layout_and_no_signatures(folder):
    figure, data = byte_grid(folder)
    sweep = folder.table("sweep")
    own = sweep[(sweep["ranking"] == "score") & sweep["variant"].isin(data["variant"])]
    sizes = own.set_index("variant")["bytes_per_document"]
    np.testing.assert_array_equal(data["bytes_per_document"], sizes[data["variant"]])
    panel, _ = figure.axes
    assert panel.title.get_text() == "layout tagged_long"
    cells = sorted(text.get_text() for text in panel.texts)
    assert cells == sorted(f"{size:.0f}" for size in sizes)


def test_the_front_is_marked_and_what_has_no_size_is_not_drawn(folder):
    figure, data = pareto(folder)
    assert set(data["ranking"]) == {"score", "distance"}
    expected = folder.table("pareto").set_index(["variant", "ranking"]).index
    found = data[data["front"]].set_index(["variant", "ranking"]).index
    assert set(found) == set(expected)
    assert data.loc[data["overall"], "front"].all()
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert labels == [
        "ranked by score (tagged_long)",
        "ranked by distance (tagged_long, signature stored)",
    ]
