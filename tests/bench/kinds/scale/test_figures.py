"""Figures show the tables, and nothing else."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from bench.kinds.scale.figures import FIGURES, SYNTHETIC_FIGURES
from bench.report.drawing import style
from bench.runs.environment import ROOT
from bench.runs.folder import RunFolder

pytestmark = [pytest.mark.engine, pytest.mark.slow]


def test_growth_shows_measured_fitted_and_held_out(finished_scale):
    folder = finished_scale.folder
    with style():
        figure, data = FIGURES["growth"][0](folder)
    sizes = folder.table("sizes")
    own = sizes[(sizes["origin"] == "collection") & (sizes["variant"] == "made_scale")]
    data = data[data["variant"] == "made_scale"]
    measured = data[data["kind"] == "measured"]
    np.testing.assert_array_equal(measured["bytes_per_document"], own["bytes_per_document"])
    fits = folder.table("fits")
    fit = fits[fits["variant"] == "made_scale"].iloc[-1]
    curve = data[data["kind"] == "trend ends"]
    expected = fit["slope"] + fit["intercept"] / curve["documents"]
    np.testing.assert_allclose(curve["bytes_per_document"], expected)
    drawn = {line.get_label(): line for line in figure.axes[0].lines}
    np.testing.assert_array_equal(
        drawn["measured, real and synthetic"].get_ydata(),
        own.loc[own["synthetic"] > 0, "bytes_per_document"],
    )
    labels = figure.axes[0].get_legend_handles_labels()[1]
    assert "predicted from the smaller sizes" in labels


@pytest.mark.parametrize("run", ["reference-scale-20m", "reference-scale-8m-searched"])
def test_what_is_written_beside_panels_is_not_cut(run):
    with style():
        figure, _ = FIGURES["growth"][0](RunFolder(ROOT / "results" / run))
        FigureCanvasAgg(figure).draw()
    whole = figure.bbox
    for part in (*figure.legends, *figure.texts):
        box = part.get_window_extent()
        assert whole.x0 <= box.x0 < box.x1 <= whole.x1
        assert whole.y0 <= box.y0 < box.y1 <= whole.y1


def test_projections_show_what_users_report(finished_scale):
    with style():
        figure, data = FIGURES["projections"][0](finished_scale.folder)
    own = data[data["variant"] == "made_scale"]
    assert own["documents"].to_list() == [1_000_000, 100_000_000]
    (star,) = [line for line in figure.axes[0].lines if line.get_marker() == "*"]
    assert (star.get_xdata()[0], star.get_ydata()[0]) == (8_316_821, pytest.approx(12.7775277))


def test_synthetic_has_a_dot_a_position(finished_scale):
    with style():
        figure, data = SYNTHETIC_FIGURES["synthetic"][0](finished_scale.folder)
    assert len(data) == 63
    dots = figure.axes[0].lines[1]
    np.testing.assert_array_equal(dots.get_xdata(), data["distinct_words_real"])
    np.testing.assert_array_equal(dots.get_ydata(), data["distinct_words_synthetic"])
