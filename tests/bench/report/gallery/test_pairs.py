"""Pairs are chosen by their rules, and the table holds what they are made of."""

import numpy as np
import pandas as pd
import pytest

from bench.report.gallery.pairs import COLUMNS, KINDS, PER_KIND, choose_pairs, gallery_table
from imgsig import get_words, normalized_distance

PAIRS = pd.DataFrame(
    [
        (0, 10, "right", 40, 0.60, 1, 2),  # score only, and first by score only
        (0, 11, "wrong", 3, 0.55, 2, 1),
        (1, 12, "right", 5, 0.20, 2, 1),  # distance only, and first by distance only
        (1, 13, "wrong", 9, 0.70, 1, 2),
        (2, 14, "right", 2, 0.80, -1, -1),  # no hit
        (2, 15, "wrong", 12, 0.474, 1, 1),  # score 12 of 63, distance 0.474
        (3, 16, "wrong", 4, 0.50, 1, 1),  # nothing is right for this query
    ],
    columns=["query", "doc", "relation", "score", "distance", "score_rank", "distance_rank"],
)


def chosen(pairs: pd.DataFrame, score: float = 10, distance: float = 0.45):
    pairs = pairs.assign(
        group=[f"scene-{query}" for query in pairs["query"]],
        transform=[f"edit-{query}" for query in pairs["query"]],
    )
    return [
        (kind, case, about["doc"], None if beside is None else beside["doc"])
        for kind, case, about, beside in choose_pairs(pairs, score, distance)
    ]


def test_each_kind_has_the_pairs_of_its_rule_in_its_order():
    assert chosen(PAIRS) == [
        ("score_accepts_only", 0, 10, 11),
        ("score_accepts_only", 1, 15, 14),
        ("distance_accepts_only", 0, 12, 13),
        ("score_first_only", 0, 10, 11),
        ("distance_first_only", 0, 12, 13),
        ("missed_by_both", 0, 14, 15),
        ("wrong_highest_score", 0, 15, 14),
        ("wrong_highest_score", 1, 13, 12),
        ("wrong_highest_score", 2, 16, None),
        ("wrong_smallest_distance", 0, 15, 14),
        ("wrong_smallest_distance", 1, 16, None),
        ("wrong_smallest_distance", 2, 11, 10),
    ]
    assert {kind for kind, *_ in chosen(PAIRS)} == set(KINDS)


def test_the_order_of_the_rows_and_more_of_a_scene_change_nothing():
    again = PAIRS.assign(doc=PAIRS["doc"] + 100, score=PAIRS["score"] - 1)
    assert chosen(PAIRS.iloc[::-1]) == chosen(PAIRS)
    most = max(case for _, case, *_ in chosen(pd.concat([PAIRS, again])))
    assert most < PER_KIND


def test_a_ranking_without_a_cutoff_accepts_nothing():
    kinds = [kind for kind, *_ in chosen(PAIRS, score=float("nan"))]
    assert "score_accepts_only" not in kinds
    assert "distance_accepts_only" in kinds


@pytest.mark.engine
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


@pytest.mark.engine
def test_without_distances_there_is_nothing_to_show(finished):
    candidates = finished.folder.table("candidates").assign(distance=np.nan)
    table = gallery_table({"candidates": candidates, "cutoffs": candidates}, [], None)
    assert table.empty
    assert list(table.columns) == list(COLUMNS)
