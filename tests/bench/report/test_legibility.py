"""The checker finds what cannot be read, and finds nothing in the figures of the committed runs."""

import re
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from bench.kinds.codecs.figure import bytes_and_speed
from bench.kinds.scale.figures import FIGURES as SCALE
from bench.kinds.scale.figures import SYNTHETIC_FIGURES
from bench.kinds.sweep.figures import FIGURES as SWEEP
from bench.report import layout_page, score_or_distance
from bench.report.cutoff_figures import precision_by_cutoff, scores_by_edit
from bench.report.drawing import style
from bench.report.experiment_pages import FIGURES
from bench.report.storage_figures import bytes_by_codec
from bench.runs.folder import RunFolder
from tests.bench.report.legibility import illegible

#: A unit, or a quantity that has none: every axis names one.
QUANTITY = re.compile(
    r"bytes|GB|\bms\b|documents|images|words|bits|signature|uAP|recall|precision|share|distance"
    r"|times that|matches|correlation|values"
)
RESULTS = Path(__file__).parents[3] / "results"


def of_run(name, drawings):
    folder = RunFolder(RESULTS / name)
    return {f"{name}/{n}": partial(draw, folder) for n, (draw, _) in drawings.items()}


def codec_speeds():
    run = RunFolder(RESULTS / "reference-codec-sizes")
    return bytes_and_speed(*(run.table(name) for name in ("codecs", "limit", "samples")))


def layouts():
    return layout_page.figures_of(RunFolder(RESULTS / "reference-layouts"))


REFERENCE = RunFolder(RESULTS / "reference")
DRAWN = {
    **of_run("reference", FIGURES | score_or_distance.figures_of("tester")),
    **of_run("reference-layouts", layouts() | {"bytes_of_all": FIGURES["bytes_per_document"]}),
    **of_run("reference-scale", SCALE | SYNTHETIC_FIGURES),
    **of_run("reference-sweep", SWEEP),
    "codecs/speeds": codec_speeds,
    "codecs/bytes": partial(bytes_by_codec, RunFolder(RESULTS / "reference-codecs")),
    "cutoffs": partial(precision_by_cutoff, REFERENCE, "tester"),
    "edits": partial(scores_by_edit, REFERENCE, "tester"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", DRAWN)
def test_figures_of_the_committed_runs_are_legible(name):
    with style():
        figure, data = DRAWN[name]()
        assert illegible(figure) == []
    assert len(data) > 0
    for said in said_of_axes(figure):
        assert QUANTITY.search(said), f"what does {said!r} count?"


def said_of_axes(figure):
    """The label of every axis that has figures: its own or the whole figure's."""
    for axes in figure.axes:
        for axis, whole in (
            (axes.xaxis, figure.get_supxlabel()),
            (axes.yaxis, figure.get_supylabel()),
        ):
            texts = [tick.get_text() for tick in axis.get_ticklabels() if tick.get_visible()]
            if axis.get_label_text():
                yield axis.get_label_text()
            elif any(map(is_number, texts)) and not has_twin(axes, axis):
                yield whole


def is_number(text):
    return bool(re.fullmatch(r"\$.*\$|[−\d.,]+( [kMG])?", text))


def has_twin(axes, axis):
    """Whether another panel with the same axis says what it counts."""
    shared = axes.get_shared_x_axes() if axis is axes.xaxis else axes.get_shared_y_axes()
    name = "xaxis" if axis is axes.xaxis else "yaxis"
    return any(getattr(twin, name).get_label_text() for twin in shared.get_siblings(axes))


@pytest.fixture
def axes():
    figure = Figure(figsize=(5, 4))
    return figure.add_axes((0.2, 0.2, 0.6, 0.6))


def test_a_plain_figure_is_legible(axes):
    axes.plot([0, 1], [0, 1])
    axes.set_xlabel("bytes a document")
    assert illegible(axes.figure) == []


@pytest.mark.parametrize(
    ("x", "y", "fault"),
    [(-0.9, 0.5, "left or below"), (0.5, -0.6, "left or below"), (1.3, 0.5, "right or above")],
)
def test_text_beyond_the_edge_is_found(axes, x, y, fault):
    axes.text(x, y, "rather long text", clip_on=False)
    (found,) = illegible(axes.figure)
    assert "rather long text" in found
    assert fault in found


def test_texts_that_lie_on_each_other_are_found(axes):
    axes.text(0.5, 0.5, "one")
    axes.text(0.52, 0.5, "other")
    assert illegible(axes.figure) == ["'one' lies on 'other'"]


def test_tiny_text_is_found(axes):
    axes.text(0.5, 0.5, "small print", fontsize=3)
    (found,) = illegible(axes.figure)
    assert "'small print' is 8.3 dots high" in found  # 3/72 of an inch, a fifth of 1,000 dots each


def test_what_is_not_seen_is_no_matter(axes):
    axes.text(0.5, 0.5, "one")
    axes.text(0.5, 0.5, "other", visible=False)
    axes.set_xticks(np.arange(0, 40), [f"long label {n}" for n in range(40)])
    axes.set_xlim(0, 0.9)
    assert illegible(axes.figure) == []
