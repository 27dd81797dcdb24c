"""Remedies on their indices, and lists of documents folded to pictures."""

import numpy as np
import pandas as pd
import pytest

from bench.kinds.remedies.config import Remedies
from bench.kinds.remedies.lists import folded, found, tried
from bench.search.exact.simulator import Simulator
from bench.search.exact.truth import RIGHT, WRONG, Truth

GRID = [{"side": 0.8, "each_way": 2}]
CONFIG = {
    "kind": "remedies",
    "name": "made",
    "variants": [
        {"name": "bits", "layout": "vector_sign_flat", "codec": {"id": "none"}},
        {"name": "words", "k": 6, "layout": "keyword_column", "codec": {"id": "none"}},
    ],
    "remedies": [
        {"name": "nothing"},
        {"name": "ask", "asked": "all"},
        {"name": "pieces", "pieces": GRID},
        {"name": "both", "pieces": GRID, "asked": "all"},
        {"name": "store", "stored": "all"},
    ],
}


@pytest.fixture(scope="module")
def every():
    return tried(Remedies.model_validate(CONFIG))


def test_remedies_that_store_the_same_share_an_index(every):
    assert [one.index for one in every[:5]] == [
        "bits",
        "bits",
        "bits-pieces",
        "bits-pieces",
        "bits-store",
    ]
    assert [one.source for one in every[4:7]] == ["bits, store", "words", "words, ask"]
    assert [one.row()["stored"] for one in every[:5]] == [1, 1, 5, 5, 8]
    assert [one.row()["asked"] for one in every[:5]] == [1, 8, 1, 8, 1]
    assert every[0].scorings == ["hamming", "hamming - kth", "hamming - gap"]
    assert every[5].scorings == ["count", "count - kth", "count - gap"]


@pytest.mark.parametrize("place", [0, 5])
def test_what_is_found_is_what_the_scorer_has_best(every, signed, place):
    variant = every[place].variant
    own = found(variant, Simulator(signed.database, signed.query_signatures[:3]), 7)
    scorer = variant.identity.layout.matcher.scorer(variant.scheme, signed.database)
    for query, rows in own.groupby("place"):
        scores = scorer(signed.query_signatures[query])
        assert rows["score"].tolist() == scores[rows["doc"]].tolist()
        assert rows["score"].iloc[-1] >= np.delete(scores, rows["doc"]).max()
        assert rows["rank"].tolist() == list(range(len(rows)))


def test_every_picture_is_there_once_at_its_best():
    # Documents 0, 1 and 2 are of picture 0, the rest each of one of its own.
    picture = np.array([0, 0, 0, 1, 2])
    as_is = {"place": [0, 0, 0, 1], "rank": [0, 1, 2, 0], "doc": [1, 0, 3, 4]}
    turned = {"place": [0, 0, 1], "rank": [0, 1, 0], "doc": [4, 2, 3]}
    lists = [
        pd.DataFrame(as_is | {"score": [9, 8, 7, 5]}),
        pd.DataFrame(turned | {"score": [7, 6, 9]}),
    ]
    truth = Truth(np.array([0]), np.array([1]), np.array([RIGHT], dtype=np.int8), 3)
    own = folded(lists, picture, np.array([4, 6]), truth, 2)
    assert own["row"].tolist() == [4, 4, 6, 6]
    assert own["rank"].tolist() == [0, 1, 0, 1]
    assert own["doc"].tolist() == [0, 1, 1, 2]  # of equal scores the picture as it is comes first
    assert own["score"].tolist() == [9, 7, 9, 5]
    assert own["code"].tolist() == [WRONG, RIGHT, WRONG, WRONG]
