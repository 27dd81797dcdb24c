"""Figures of made tables."""

import numpy as np
import pandas as pd
import pytest

from bench.index.variant import parameters
from bench.kinds.sweep.figures import (
    FIGURES,
    byte_grid,
    chosen_words,
    pareto,
    word_grid,
    word_positions,
)
from bench.kinds.sweep.grid import expand
from bench.kinds.sweep.tables import pareto_table
from bench.report.drawing import write_figures
from bench.runs.folder import RunFolder, write_json


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
    write_json(folder.work / "config.json", {"evaluation": {"confidence": 0.8}})
    table = pd.DataFrame(rows)
    folder.write_table("sweep", table)
    folder.write_table("pareto", pareto_table(table))
    return folder


def test_figures_are_written_with_their_data(folder):
    svgs = write_figures(
        folder, {name: FIGURES[name] for name in ("word_grid", "byte_grid", "pareto")}
    )
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


def made(path) -> RunFolder:
    folder = RunFolder(path)
    words = pd.DataFrame(
        {
            "variant": ["63x16"] * 3 + ["100x10"] * 3,
            "word": [0, 1, 2] * 2,
            "position": [0, 10, 20, 0, 6, 12],
            "collision_bits": [9.0, 10, 11, 7, 8, 9],
            "matches_at_100000000": [1e5, 1e4, 1e3, 1e6, 1e5, 1e4],
            "repeated_right": [0.5, 0.4, float("nan"), 0.6, 0.7, 0.8],
        }
    )
    row = {"greedy": 0.6, "greedy_low": 0.5, "greedy_high": 0.7}
    row |= {"even": 0.5, "even_low": 0.4, "even_high": 0.6}
    greedy = pd.DataFrame(
        [{"N": N, "measure": name, **row} for N in (8, 16) for name in ("uAP", "recall@1")]
    )
    write_json(folder.work / "config.json", {"evaluation": {"confidence": 0.8}})
    folder.write_table("words", words)
    folder.write_table("greedy", greedy)
    return folder


@pytest.mark.slow
def test_figures_of_words_are_the_same_each_time(tmp_path):
    folder = made(tmp_path)
    drawings = {name: FIGURES[name] for name in ("word_positions", "chosen_words")}
    svgs = write_figures(folder, drawings)
    again = write_figures(folder, drawings)
    assert svgs == again
    data = pd.read_csv(folder.path / "figures" / "chosen_words.csv")
    assert len(data) == 4


def test_every_scheme_and_measure_is_drawn(tmp_path):
    folder = made(tmp_path)
    figure, data = word_positions(folder)
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == [
        "63x16",
        "100x10",
    ]
    assert list(data.columns)[:3] == ["variant", "word", "position"]
    figure, _ = chosen_words(folder)
    assert figure.axes[0].get_ylabel().endswith("not chosen on, 80 % interval")
    assert len(figure.axes) == 2  # of the measures that are known
    drawn = figure.axes[0].containers
    assert [bars.get_label() for bars in drawn] == ["evenly spaced", "chosen greedily"]
