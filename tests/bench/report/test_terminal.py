"""The table on the terminal."""

import io

import pytest
from rich.console import Console

from bench.report.summary import summarize
from bench.report.terminal import print_summary

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("width", [80, 160])
def test_figures_are_legible_at_common_widths(finished, width):
    rows = summarize(finished.folder)
    output = io.StringIO()
    print_summary(rows, ["A sentence."], Console(file=output, width=width))
    text = output.getvalue()
    assert f"{rows[0].bytes_per_document:,.0f}" in text
    assert f"{rows[0].cells['distance', 'uAP'].value:.3f}" in text
    assert "• A sentence." in text


def test_indices_that_rank_alike_share_a_row(finished):
    rows = summarize(finished.folder)
    output = io.StringIO()
    print_summary(rows, [], Console(file=output, width=200))
    quality = output.getvalue().split("Ranking")[1]
    # By score the three of 63 words, by distance the three that have one.
    assert quality.count("made_array and 2 more") == 2
    assert quality.count("made_array") == 2
