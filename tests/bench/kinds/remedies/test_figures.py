"""Figures of a remedy run: as many as it has queries for."""

from pathlib import Path

import pandas as pd
import pytest

from bench.kinds.remedies.kind import RemediesKind
from bench.kinds.remedies.tables import CROPPED, OTHER, TURNED, question_parts
from bench.runs.folder import RunFolder

RUN = RunFolder(Path(__file__).parents[4] / "results" / "reference-remedies")


class OfOrigin:
    """A run as it would be of made, or of natural, queries alone."""

    def __init__(self, origin: str) -> None:
        queries = RUN.table("queries")
        queries = queries[queries["origin"] == origin]
        scorings = RUN.table("scorings")
        scorings = scorings[scorings["part"].isin(question_parts(queries))]
        self._changed = {"queries": queries, "scorings": scorings}
        self.path = RUN.path

    def table(self, name: str) -> pd.DataFrame:
        return self._changed[name] if name in self._changed else RUN.table(name)


@pytest.mark.parametrize(
    ("origin", "drawn"), [("made", ["front", "edits"]), ("natural", ["edits"])]
)
def test_of_natural_pairs_alone_there_is_no_front_of_edits(origin, drawn):
    folder, kind = OfOrigin(origin), RemediesKind()
    figures = kind.figures(folder)
    assert list(figures) == drawn
    for draw, _ in figures.values():
        assert len(draw(folder)[1])
    said = " ".join(kind.verdict(folder, RUN.manifest()))
    assert ("turned or mirrored" in said) == (origin == "made")
    titles = " ".join(one.title for one in kind.listings(folder, RUN.manifest()))
    assert all((name in titles) == (origin == "made") for name in (TURNED, CROPPED, OTHER))
