"""The rules of the gallery, on pairs chosen by hand."""

import pandas as pd

from bench.report.gallery.choice import KINDS, PER_KIND, choose_pairs

COLUMNS = ["query", "doc", "relation", "score", "distance", "score_rank", "distance_rank"]
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
    columns=COLUMNS,
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
