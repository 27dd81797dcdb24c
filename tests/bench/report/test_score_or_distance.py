"""The page "Score or distance?"."""

import re

import pandas as pd
import pytest

from bench.report.score_or_distance import (
    FIGURES,
    ranked_variant,
    ranking_verdict,
    render_ranking_page,
)

pytestmark = pytest.mark.engine


def test_the_page_is_there_shows_all_figures_and_needs_no_network(finished):
    text = (finished.folder.path / "score-or-distance.html").read_text(encoding="utf-8")
    assert text.count("<img ") == len(FIGURES)
    assert re.findall(r'(?:src|href)="(?!data:)([^"]*)', text) == ["report.html"]
    for heading in ("Which cutoff?", "Where right answers are lost", "Do the rankings agree?"):
        assert heading in text


def test_the_verdict_quotes_the_tables(finished):
    folder = finished.folder
    variant = ranked_variant(folder)
    assert variant == "made_array"
    sentences = ranking_verdict(folder, variant)
    assert len(sentences) == 3
    metrics = folder.table("metrics")
    chosen = metrics[
        (metrics["variant"] == variant)
        & (metrics["measure"] == "R@P90")
        & (metrics["transform"] == "all")
    ].set_index("ranking")["value"]
    for ranking in ("distance", "score"):
        assert f"{chosen[ranking]:.1%}" in sentences[0]
    comparisons = folder.table("comparisons")
    signs = comparisons[
        (comparisons["variant_a"] == variant)
        & (comparisons["variant_b"] == variant)
        & (comparisons["ranking_a"] == "sign_distance")
        & (comparisons["ranking_b"] == "distance")
        & (comparisons["measure"] == "uAP")
    ].iloc[0]
    assert f"{signs['difference']:+.3f}" in sentences[2]


class Changed:
    """A run of which one table was changed."""

    def __init__(self, folder, **tables: pd.DataFrame) -> None:
        self._folder, self._tables = folder, tables

    def table(self, name: str) -> pd.DataFrame:
        return self._tables.get(name, self._folder.table(name))


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.1, 0.2, "is better than"), (-0.2, -0.1, "is worse than"), (-0.1, 0.1, "is as good as")],
)
def test_the_verdict_follows_the_interval(finished, low, high, words):
    table = finished.folder.table("comparisons").assign(low=low, high=high)
    changed = Changed(finished.folder, comparisons=table)
    assert words in ranking_verdict(changed, "made_array")[0]


def test_no_page_without_distances(finished):
    metrics = finished.folder.table("metrics")
    changed = Changed(finished.folder, metrics=metrics[metrics["ranking"] == "score"])
    assert ranked_variant(changed) is None


def test_names_from_outside_are_escaped(finished):
    manifest = finished.folder.manifest() | {"title": "<script>"}
    svgs = dict.fromkeys(FIGURES, b"<svg/>")
    text = render_ranking_page(finished.folder, manifest, "made_array", svgs)
    assert text.count("<script>") == 2  # the package's own: tables and plots
    assert "&lt;script&gt;" in text
