"""The table of the gallery, of a real run."""

import numpy as np
import pytest

from bench.report.gallery.choice import KINDS
from bench.report.gallery.table import COLUMNS, gallery_table
from imgsig import get_words, normalized_distance

pytestmark = pytest.mark.engine


def test_every_row_follows_from_its_signatures_and_from_the_hits(finished):
    table = finished.folder.table("gallery")
    candidates = finished.folder.table("candidates")
    assert list(table.columns) == list(COLUMNS)
    assert len(table) >= 6
    assert set(table["kind"]) <= set(KINDS)
    for row in table.to_dict("records"):
        query, document = (
            np.frombuffer(row[f"{side}_signature"], np.int8) for side in ("query", "doc")
        )
        assert row["score"] == (get_words(query) == get_words(document)).sum()
        assert row["distance"] == pytest.approx(normalized_distance(document, query)[0], abs=1e-12)
        own = candidates[
            (candidates["variant"] == row["variant"])
            & (candidates["query"] == row["query"])
            & (candidates["relation"] != "ignored")
        ]
        if row["score_rank"] < 0:
            assert row["doc"] not in set(own["doc"])
        else:
            assert row["score_rank"] == 1 + (own["score"] > row["score"]).sum()
            assert row["distance_rank"] == 1 + (own["distance"] < row["distance"]).sum()


def test_without_distances_there_is_nothing_to_show(finished):
    candidates = finished.folder.table("candidates").assign(distance=np.nan)
    table = gallery_table({"candidates": candidates, "cutoffs": candidates}, [], None)
    assert table.empty
    assert list(table.columns) == list(COLUMNS)
