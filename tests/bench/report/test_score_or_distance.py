"""The page "Score or distance?"."""

import re
from typing import Any

import pandas as pd
import pytest

from bench.report.rounding import rounded
from bench.report.score_or_distance import (
    FIGURES,
    cutoff_rows,
    cutoff_sentences,
    part_rows,
    ranked_variant,
    ranking_verdict,
    render_ranking_page,
    top_rows,
)
from bench.report.summary import summarize, verdict

pytestmark = pytest.mark.engine


def test_a_precision_is_not_shown_by_fewer_hits_than_it_takes():
    rows = pd.DataFrame(
        {
            "verdict": ["holds", "holds", "does not hold"],
            "can_be_shown": [True, False, False],
            "pairs_needed": [381.0, 3838.0, 3838.0],
        }
    )
    shown = [row["shown"] for row in cutoff_rows(rows)]
    assert shown == ["yes", "cannot be told, it takes 3,838 hits", "no, it is less"]


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
    assert len(sentences) == 4
    metrics = folder.table("metrics")
    chosen = metrics[
        (metrics["variant"] == variant)
        & (metrics["measure"] == "R@P90")
        & (metrics["transform"] == "all")
    ].set_index("ranking")["value"]
    for ranking in ("distance", "score"):
        assert f"{rounded(chosen[ranking])} by {ranking}" in sentences[1]
    comparisons = folder.table("comparisons")
    signs = comparisons[
        (comparisons["variant_a"] == variant)
        & (comparisons["variant_b"] == variant)
        & (comparisons["ranking_a"] == "sign_distance")
        & (comparisons["ranking_b"] == "distance")
        & (comparisons["measure"] == "uAP")
    ].iloc[0]
    assert rounded(signs["difference"], "+.3f") in sentences[3]


class Changed:
    """A run of which one table was changed."""

    def __init__(self, folder, **tables: pd.DataFrame) -> None:
        self._folder, self._tables = folder, tables

    def config(self) -> dict[str, Any]:
        return self._folder.config()

    def table(self, name: str) -> pd.DataFrame:
        return self._tables.get(name, self._folder.table(name))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.1, 0.2, "is better"),
        (-0.2, -0.1, "is worse"),
        (-0.01, 0.01, "is as good, within 0.01"),
        (-0.1, 0.1, "cannot be told"),
    ],
)
def test_page_and_terminal_say_the_same_whatever_the_interval(finished, low, high, words):
    table = finished.folder.table("comparisons").assign(low=low, high=high)
    changed = Changed(finished.folder, comparisons=table)
    of_page = ranking_verdict(changed, "made_array")[:2]
    assert all(words in sentence for sentence in of_page)
    assert verdict(summarize(finished.folder), table)[-2:] == of_page


def test_two_measures_may_say_different_things(finished):
    """One run's uAP could not be told while its recall was better: no verdict is for both."""
    table = finished.folder.table("comparisons").assign(low=-0.012, high=0.03)
    table.loc[table["measure"] == "R@P90", ["low", "high"]] = (0.012, 0.127)
    uap, recall, *_ = ranking_verdict(Changed(finished.folder, comparisons=table), "made_array")
    assert "cannot be told" in uap
    assert "ranking by distance is better" in recall


def test_cutoffs_are_said_to_depend_on_the_split(finished):
    text = (finished.folder.path / "score-or-distance.html").read_text(encoding="utf-8")
    sentences = cutoff_sentences(finished.folder, "made_array")
    assert len(sentences) == 3  # by score, by distance, by the signs
    assert all(f"<li>{sentence}</li>" in text for sentence in sentences)


def test_every_part_and_every_top_has_its_row(finished):
    folder = finished.folder
    rows = part_rows(folder, "made_array")
    gaps = folder.table("gaps").query("variant == 'made_array' and measure == 'uAP'")
    assert len(rows) == len(gaps) > 0
    for row in rows:
        assert row["difference"] == pytest.approx(row["distance"] - row["score"], nan_ok=True)
    assert [row["top"] for row in top_rows(folder, "made_array")] == [1, 5, 10, 20] * 3


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
