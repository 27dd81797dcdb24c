"""The figures a reader sees first, as rows, sentences and a table on the terminal."""

import io

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from bench.report.summary import (
    Cell,
    Row,
    metric,
    print_summary,
    score_of,
    summarize,
    verdict,
)
from bench.runs.folder import RunFolder, write_json


def test_expected_value_of_ties_is_taken():
    rows = [("none", 0.1), ("expected", 0.2), ("optimistic", 0.3)]
    metrics = pd.DataFrame(
        [
            {
                "variant": "a",
                "ranking": "score",
                "transform": "all",
                "measure": "uAP",
                "tie": tie,
                "value": value,
                "low": np.nan,
                "high": np.nan,
                "n": 12,
            }
            for tie, value in rows
        ]
    )
    found = metric(metrics, "a", "score", "uAP")
    assert (found.value, found.scenes) == (0.2, 12)
    counted = metrics.assign(effective_scenes=3.5)
    assert metric(counted, "a", "score", "uAP").scenes == 3.5
    assert np.isnan(metric(metrics, "a", "distance", "uAP").value)


def row(name: str, size: float, score: float, distance: float) -> Row:
    cells = {
        (ranking, measure): Cell(value, np.nan, np.nan)
        for ranking, value in (("score", score), ("distance", distance))
        for measure in ("uAP", "R@P90")
    }
    return Row(name, "int_array", 10, int(10 * size), size, 1.0, cells)


@pytest.mark.parametrize(
    ("low", "high", "finding"),
    [
        (0.01, 0.2, "ranking by distance is better"),
        (-0.2, -0.01, "ranking by distance is worse"),
        (-0.01, 0.01, "ranking by distance is as good, within 0.01"),
        (-0.1, 0.1, "whether ranking by distance is better or worse cannot be told (it would show"),
    ],
)
def test_verdict_follows_the_interval(low, high, finding):
    comparisons = pd.DataFrame(
        [
            {
                "variant_a": "a",
                "ranking_a": "distance",
                "variant_b": "a",
                "ranking_b": "score",
                "measure": measure,
                "difference": (low + high) / 2,
                "low": low,
                "high": high,
                "detectable": 0.15,
            }
            for measure in ("uAP", "R@P90")
        ]
    )
    rows = [row("a", 3000.0, 0.5, 0.6), row("b", 1000.0, 0.5, np.nan)]
    sentences = verdict(rows, comparisons)
    assert sentences[0] == "b takes 1,000 bytes a document, a 3,000: 3.00 times as much."
    assert len(sentences) == 3
    assert all(finding in sentence for sentence in sentences[1:])


@pytest.mark.parametrize(
    ("shards", "said"), [(1, "one merged segment,"), (3, "one merged segment in each of 3 shards,")]
)
def test_the_title_says_how_many_segments_there_are(shards, said):
    console = Console(file=io.StringIO(), width=160)
    print_summary([row("a", 3000.0, 0.5, 0.6)], [], console, shards)
    assert f"Storage: {said} primaries" in console.file.getvalue()


@pytest.mark.parametrize(
    ("layout", "counted"),
    [
        ("dynamic", ("equal words", 20)),
        ("vector_sign_flat", ("equal bits, and one", 273)),
        ("vector_byte_flat", ("what the squared distance is below the largest, and one", 4353)),
    ],
)
def test_what_a_score_counts_is_that_of_the_layout(layout, counted, tmp_path):
    variant = {"index": "a", "N": 20, "k": 8, "codec": {"id": "none"}, "layout": layout}
    write_json(tmp_path / "work" / "config.json", {"variants": [variant]})
    assert score_of(RunFolder(tmp_path), "a") == counted


@pytest.mark.engine
def test_summary_of_a_run(finished):
    rows = summarize(finished.folder)
    variants = finished.folder.table("variants")
    assert [r.variant for r in rows] == variants["variant"].tolist()
    assert rows[0].ratio == 1.0
    none = next(r for r in rows if r.variant == "made_none")
    assert np.isnan(none.cells["distance", "uAP"].value)
    assert 0 < none.cells["score", "uAP"].value <= 1


@pytest.mark.engine
@pytest.mark.parametrize("width", [80, 160])
def test_figures_are_legible_at_common_widths(finished, width):
    rows = summarize(finished.folder)
    output = io.StringIO()
    print_summary(rows, ["A sentence."], Console(file=output, width=width))
    text = output.getvalue()
    assert f"{rows[0].bytes_per_document:,.0f}" in text
    assert f"{rows[0].cells['distance', 'uAP'].value:.3f}" in text
    assert "• A sentence." in text


@pytest.mark.engine
def test_indices_that_rank_alike_share_a_row(finished):
    rows = summarize(finished.folder)
    output = io.StringIO()
    print_summary(rows, [], Console(file=output, width=200))
    quality = output.getvalue().split("Ranking")[1]
    # By score the three of 63 words, by distance the two of them that have one.
    assert quality.count("made_array and 2 more") == 1
    assert quality.count("made_array, made_column") == 1
    assert quality.count("made_array") == 2
