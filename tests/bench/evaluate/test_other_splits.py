"""Cutoffs tuned on other halves of the scenes."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.evaluate.other_splits import other_splits
from bench.evaluate.rankings import DISTANCE, SCORE
from bench.runs.folder import RunFolder

REFERENCE = RunFolder(Path(__file__).parents[3] / "results" / "reference")


def queries(groups: int) -> pd.DataFrame:
    names = [f"scene {number}" for number in range(groups)]
    return pd.DataFrame(
        {"query": range(groups), "group": names, "photo": names, "in_database": [True] * groups}
    )


def hits(rows: list[tuple[int, float, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["query", "score", "relation"])


def test_by_hand():
    # Scenes 0 and 1: tuned on either, the cutoff is 5; scene 1 has a wrong hit there as well.
    found = hits([(0, 9, "right"), (0, 5, "right"), (1, 9, "right"), (1, 9, "right")])
    found = pd.concat([found, hits([(1, 5, "ignored"), (0, 3, "wrong"), (1, 8, "wrong")])])
    precisions = other_splits(queries(2), found, SCORE, 900, splits=20)
    # Tuned on 0 (cutoff 5), scene 1 gives 2 of 3; tuned on 1 (cutoff 9), scene 0 gives 1 of 1.
    assert set(precisions.round(6)) == {round(2 / 3, 6), 1.0}


def test_equal_hits_are_kept_together():
    found = hits([(0, 5, "right"), (0, 5, "wrong"), (1, 5, "right")])
    precisions = other_splits(queries(2), found, SCORE, 900, splits=10)
    # On scene 0 no cutoff is precise; on scene 1 the cutoff 5 is, and scene 0 gives a half.
    assert set(precisions[~np.isnan(precisions)]) == {0.5}
    assert np.isnan(precisions).any()


def test_no_hits_give_no_precision():
    assert np.isnan(other_splits(queries(2), hits([]), SCORE, 900, splits=3)).all()


@pytest.mark.parametrize(("ranking", "ends"), [(SCORE, (0.847, 0.986)), (DISTANCE, (0.754, 0.979))])
def test_the_reference_run_keeps_its_precision_in_half_of_the_splits(ranking, ends):
    candidates = REFERENCE.table("candidates")
    own = candidates[candidates["variant"] == "tester"]
    found = other_splits(REFERENCE.table("queries"), own, ranking, 900)
    assert np.percentile(found, [2.5, 97.5]) == pytest.approx(ends, abs=1e-3)
    assert 0.35 < np.mean(found < 0.9) < 0.55
