"""Bars of bytes show the tables, and nothing else."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bench.report.drawing import style
from bench.report.experiment_pages import FIGURES
from bench.report.layout_page import figures_of
from bench.report.storage_figures import (
    MOST_PARTS,
    bytes_and_time,
    bytes_by_codec,
    bytes_by_layout,
    bytes_per_document,
    part_of,
    stacked_bytes,
)
from bench.report.summary import merged
from bench.runs.folder import RunFolder


def fields(*rows):
    return pd.DataFrame(rows, columns=["index", "field", "structure", "bytes_per_document"])


def test_parts_add_up_to_the_measured_store():
    estimates = fields(
        ("a", "simple_word_0", "points", 60.0),
        ("a", "simple_word_1", "points", 20.0),
        ("a", "_source", "stored_fields", 10.0),
        ("b", "simple_word_0", "points", 200.0),
    )
    measured = pd.Series({"b": 150.0, "a": 100.0})
    figure, data = stacked_bytes(estimates, measured)
    data = data.set_index("variant")
    assert data.index.tolist() == ["b", "a"]
    assert data.sum(axis=1).tolist() == pytest.approx([150, 100])
    assert data.loc["a", "words: index"] == 80
    assert data.loc["a", "not attributed"] == 10
    assert data.loc["b", "words: index"] == 150  # estimates beyond the store are scaled down
    (axes,) = figure.axes
    assert "bytes a document" in axes.get_xlabel()


def test_an_index_of_which_the_engine_tells_nothing_is_one_bar():
    rows = [("a", "_source", "stored_fields", 30.0)]
    measured = pd.Series({"b": 100.0, "a": 40.0})
    fields = pd.DataFrame(rows, columns=["index", "field", "structure", "bytes_per_document"])
    data = stacked_bytes(fields, measured)[1].set_index("variant")
    assert data.loc["b"].to_dict() == {
        "JSON source": 0,
        "not attributed": 0,
        "not told by this engine": 100,
    }
    assert data.loc["a"].to_dict() == {
        "JSON source": 30,
        "not attributed": 10,
        "not told by this engine": 0,
    }


def test_nothing_is_told_of_any_index():
    measured = pd.Series({"a": 40.0, "b": 100.0})
    fields = pd.DataFrame(columns=["index", "field", "structure", "bytes_per_document"])
    data = stacked_bytes(fields, measured)[1].set_index("variant")
    assert list(data.columns) == ["not told by this engine"]
    assert data["not told by this engine"].to_dict() == {"a": 40, "b": 100}


@pytest.mark.parametrize(
    ("field", "structure", "part"),
    [
        ("_source", "stored_fields", "JSON source"),
        ("simple_word_12", "doc_values", "words: doc values"),
        ("signature.keyword", "inverted_index", "signature: index"),
        ("path", "inverted_index", "path"),
        ("_id", "inverted_index", "internal"),
        ("camera", "points", "other"),
    ],
)
def test_parts(field, structure, part):
    assert part_of(field, structure) == part


def test_a_part_has_the_same_colour_in_every_figure():
    few = fields(("a", "simple_word_0", "points", 10.0), ("a", "_source", "stored_fields", 90.0))
    many = fields(
        ("b", "signature", "points", 50.0),
        ("b", "_id", "points", 40.0),
        ("b", "simple_word_0", "points", 10.0),
    )
    seen = []
    for table, name in ((few, "a"), (many, "b")):
        bars = stacked_bytes(table, pd.Series({name: 100.0}))[0].axes[0].containers
        seen.append({bar.get_label(): bar.patches[0].get_facecolor() for bar in bars})
    assert seen[0]["words: index"] == seen[1]["words: index"]
    assert len(set(seen[1].values())) == len(seen[1])


def test_more_parts_than_colours_are_joined():
    names = ["simple_word_0", "signature", "vector", "path", "_id", "_recovery_source", "camera"]
    rows = [
        ("a", name, structure, 10.0) for name in names for structure in ("points", "doc_values")
    ]
    rows.append(("a", "_source", "stored_fields", 5.0))
    figure, data = stacked_bytes(fields(*rows), pd.Series({"a": 150.0}))
    parts = data.columns.drop("variant")
    assert len(parts) == MOST_PARTS
    assert {"other", "not attributed"} <= set(parts)
    assert data[parts].to_numpy().sum() == pytest.approx(150)
    assert len(figure.axes[0].patches) == MOST_PARTS


@pytest.mark.engine
def test_bars_add_up_to_the_measured_size(finished):
    with style():
        figure, data = FIGURES["bytes_per_document"][0](finished.folder)
    variants = finished.folder.table("variants").set_index("variant")["bytes_per_document"]
    totals = data.set_index("variant").sum(axis=1)
    np.testing.assert_allclose(totals, variants.loc[totals.index])
    drawn: dict[float, float] = {}
    for bar in figure.axes[0].patches:
        drawn[bar.get_y()] = drawn.get(bar.get_y(), 0.0) + bar.get_width()
    np.testing.assert_allclose(sorted(drawn.values()), sorted(variants))


def test_bars_are_the_measured_stores_by_codec_largest_first():
    folder = RunFolder(Path(__file__).parents[3] / "results" / "reference-codecs")
    with style():
        figure, data = bytes_by_codec(folder)
    variants = folder.table("variants").sort_values("bytes_per_document", ascending=False)
    labels = [
        f"{label} ({name})" if name.startswith("tester") else label
        for name, label in zip(variants["variant"], variants["codec_label"], strict=True)
    ]
    assert data["variant"].tolist() == labels
    totals = data.set_index("variant").sum(axis=1)
    np.testing.assert_allclose(totals, variants["bytes_per_document"])
    # Every bar that is drawn is a cell of the data.
    drawn = sorted(bar.get_width() for bar in figure.axes[0].patches)
    np.testing.assert_allclose(drawn, np.sort(data.drop(columns="variant").to_numpy().ravel()))


def test_speeds_are_against_the_first_index_that_is_timed():
    rows = pd.DataFrame({"variant": ["c", "b", "a"], "saved": [50, 20, 0]})
    rows = rows.assign(same_hits=True, bytes_per_document=100 - rows["saved"])
    rows["search_p50"] = [2.0, 6.0, np.nan]
    for name in ("search_ratio", "search_ratio_low", "search_ratio_high"):
        rows[name] = [3.0, 1.0, np.nan]
    samples = pd.DataFrame({"variant": ["b", "c"]})
    with style():
        told = {
            "table": {"search_samples": samples}.get,
            "config": lambda: {"cost": {"confidence": 0.99}},
        }
        figure, data = bytes_and_time(SimpleNamespace(**told), rows)
    assert figure.axes[0].get_ylabel() == "speed of a search, times that of b, 99 % interval"
    assert data.set_index("variant")["search_ratio"].to_dict() == {"c": 3, "b": 1}


@pytest.mark.parametrize("shards", [1, 3])
def test_the_axis_says_how_an_index_was_merged(shards, tmp_path):
    folder = RunFolder(tmp_path)
    rows = {"variant": ["a"], "documents": 10, "bytes_per_document": 5.0, "shards": shards}
    folder.write_table("variants", pd.DataFrame(rows))
    fields = {"variant": ["a"], "field": "_id", "structure": "stored_fields", "bytes": 30}
    folder.write_table("fields", pd.DataFrame(fields))
    for draw in (bytes_per_document, bytes_by_layout):
        (axes,) = draw(folder)[0].axes
        assert axes.get_xlabel() == f"bytes a document on disk (primary store, {merged(shards)})"


NAMES = ("bytes_by_layout", "ghost", "bytes_and_time")


@pytest.mark.engine
@pytest.mark.parametrize("name", NAMES)
def test_data_beside_a_figure_is_what_is_drawn(finished, name):
    with style():
        figure, data = figures_of(finished.folder)[name][0](finished.folder)
    stored = pd.read_csv(finished.folder.path / "figures" / f"{name}.csv")
    assert len(stored) == len(data) > 0
    assert all(axes.get_xlabel() for axes in figure.axes)


@pytest.mark.engine
def test_bars_are_ordered_by_size(finished):
    with style():
        _, data = figures_of(finished.folder)["bytes_by_layout"][0](finished.folder)
    totals = data.set_index("variant").sum(axis=1)
    assert totals.is_monotonic_decreasing
    measured = finished.folder.table("variants").set_index("variant")["bytes_per_document"]
    np.testing.assert_allclose(totals, measured.loc[totals.index])


@pytest.mark.engine
def test_the_ghost_is_what_loading_left(finished):
    with style():
        _, data = figures_of(finished.folder)["ghost"][0](finished.folder)
    variants = finished.folder.table("variants").set_index("variant")
    assert data["variant"].tolist() == ["made_column"]
    row = data.iloc[0]
    assert row["ghost"] == variants.loc["made_column", "ghost_bytes"] / 60
    assert row["loaded"] > row["settled"]
