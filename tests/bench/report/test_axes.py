"""Labels find free places, logarithmic axes have plain numbers, a choice spans all there is."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from bench.report.axes import label_points, plain_log, spread, titled, wrapped
from bench.report.drawing import style
from tests.bench.report.legibility import illegible

PLACES = st.floats(0, 1, allow_nan=False)


def labelled(points):
    with style():
        figure = Figure(figsize=(9, 6))
        axes = figure.subplots()
        axes.set_xlim(-0.3, 1.3)
        axes.set_ylim(-0.3, 1.3)
        xs, ys = zip(*points, strict=True)
        axes.plot(xs, ys, "o")
        label_points(axes, xs, ys, [f"point_{number}" for number in range(len(points))])
        return axes, illegible(figure)


@settings(max_examples=8)
@given(st.lists(st.tuples(PLACES, PLACES), min_size=1, max_size=7))
def test_labels_lie_on_no_other(points):
    assert labelled(points)[1] == []


def test_many_points_in_one_place_are_told_apart_by_lines():
    axes, faults = labelled([(0.5, 0.5 + n / 1000) for n in range(12)])
    assert faults == []
    assert any(text.arrow_patch.get_visible() for text in axes.texts)


def test_a_lonely_label_stands_beside_its_point():
    axes, _ = labelled([(0.5, 0.5)])
    (text,) = axes.texts
    assert text.get_position() == (9, 0)
    assert not text.arrow_patch.get_visible()


def test_axes_of_a_part_of_a_figure_are_refused():
    part = Figure().subfigures(1, 2)[0]
    with pytest.raises(TypeError, match="SubFigure"):
        label_points(part.subplots(), [1], [1], ["a"])


def test_logarithmic_axes_are_labelled_in_digits():
    axes = Figure(figsize=(8, 5)).subplots()
    axes.set_xscale("log")
    axes.plot(np.geomspace(20, 3000, 5), np.arange(5))
    plain_log(axes.xaxis)
    axes.figure.draw_without_rendering()
    labels = [tick.get_text() for tick in axes.get_xticklabels()]
    assert {"50", "100", "200", "1,000"} <= set(labels)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=80), st.integers(2, 50))
def test_both_ends_are_chosen_and_no_more_than_the_most(values, most):
    named = pd.Series(values, index=[f"v{place}" for place in range(len(values))])
    chosen = spread(named, most)
    assert len(chosen) == min(most, len(values))
    assert chosen.is_unique
    own = named[chosen]
    assert (own.min(), own.max()) == (named.min(), named.max())
    assert own.index.to_list() == [name for name in named.index if name in set(chosen)]


def test_a_choice_is_said_and_a_whole_is_not():
    assert titled("Bytes", 5, 5, "bytes") == "Bytes"
    assert titled("", 5, 1_200, "uAP").startswith("5 of 1,200,")


def test_long_names_are_broken_at_a_hyphen():
    assert wrapped("tester") == "tester"
    assert wrapped("n63-k16-base62-half-dynamic-328d1c6e").split("\n") == [
        "n63-k16-base62-half-",
        "dynamic-328d1c6e",
    ]
