"""Bars of where the bytes go."""

import pandas as pd
import pytest

from bench.report.stacked import MOST_PARTS, part_of, stacked_bytes


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
