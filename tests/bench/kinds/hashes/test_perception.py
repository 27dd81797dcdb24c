"""Recall as perception tells it, beside its own way of computing it."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import skimage
from hypothesis import given
from hypothesis import strategies as st

from bench.kinds.hashes.config import Perception
from bench.kinds.hashes.perception import (
    PRECISION,
    PUBLISHED,
    SET,
    photographs,
    recall_at,
    recall_table,
)
from bench.runs.errors import ExperimentError
from datasets.transforms import transform_set


def _perceptions(pos, neg, precision_threshold):
    """``compute_threshold_precision_recall`` of perception 0.9.3, retold: threshold and recall."""
    pos = np.sort(pos)
    right = np.arange(1, len(pos) + 1)
    wrong = np.array([(neg <= t).sum() for t in pos])
    bad = np.where(100 * right / (right + wrong) < precision_threshold)[0]
    if len(bad) and bad[0] > 0:
        return pos[bad[0] - 1], 100 * (pos <= pos[bad[0] - 1]).sum() / len(pos)
    return (-1, 0) if len(bad) else (pos.max(), 100)


@given(
    pairs=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 60)), min_size=1, max_size=40),
    precision=st.sampled_from([0.5, 0.9, PRECISION]),
)
def test_recall_is_that_of_perception(pairs, precision):
    correct, incorrect = np.array(pairs, dtype=np.int64).T
    recall, threshold = recall_at(correct, incorrect, precision)
    expected, told = _perceptions(correct, incorrect, 100 * precision)
    assert threshold == expected
    assert 100 * recall == pytest.approx(told)


def test_one_wrong_answer_that_is_nearer_ends_it():
    assert recall_at(np.array([1, 2, 9, 30]), np.array([40, 40, 10, 40]), PRECISION) == (0.75, 9)
    assert recall_at(np.array([5, 6]), np.array([4, 40]), PRECISION) == (0.0, -1)


def test_what_was_published_stands_beside():
    distances = pd.DataFrame(
        {"source": "PDQ", "transform": "rotate-4", "picture": [0, 1], "correct": [3, 50]}
    ).assign(incorrect=[90, 40])
    (row,) = recall_table(distances).to_dict("records")
    assert (row["recall"], row["threshold"], row["published"]) == (0.5, 3, 0.734)
    assert row["difference"] == pytest.approx(0.5 - 0.734)
    assert {name for _, name in PUBLISHED} <= {one.id for one in transform_set(SET)}


def test_a_stratum_without_photographs_is_refused(tmp_path):
    shutil.copy(Path(skimage.__file__).parent / "data" / "coffee.png", tmp_path)
    folder = f"folder:{tmp_path}"
    with pytest.raises(ExperimentError, match=r"no photograph of stratum 'photographs'.*, ''$"):
        photographs(Perception(collection=folder))
    assert photographs(Perception(collection=folder, stratum=""))[1] == ["coffee.png"]
