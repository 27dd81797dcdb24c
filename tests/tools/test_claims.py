"""Claims that no committed run answers: what is measured, and that the page has all of it."""

import numpy as np
import pandas as pd
import pytest

from tools.claims import (
    CHANGES,
    DOCUMENTS,
    FEW,
    INDICES,
    RECORDED,
    SHARDS_THEN,
    TYPES,
    measure_encoding,
    measure_scores,
    measure_sizes,
    short_names,
)


@pytest.fixture
def signatures() -> np.ndarray:
    """Signatures that share words, as scenes do."""
    drawn = np.random.default_rng(0)
    scenes = drawn.integers(-2, 3, (20, 648), dtype=np.int8)
    many = scenes[drawn.integers(0, 20, 400)]
    return np.where(drawn.random(many.shape) < 0.02, 0, many).astype(np.int8)


@pytest.mark.engine
@pytest.mark.only_on(
    "elasticsearch", reason="OpenSearch 3 counts keywords as 1, unless use_similarity is set"
)
def test_scores_depend_on_the_collection_in_keyword_fields_of_the_default_similarity_alone(
    engine, signatures
):
    rows = pd.DataFrame(measure_scores(engine.client, signatures, (30, 400)))
    score = rows[rows["what"] == "score"].set_index(["index", "documents"])["value"]
    for kind in ("long", "keyword, boolean similarity"):
        assert score[kind, 30] == score[kind, 400] == 63
    assert abs(score["keyword", 400] - score["keyword", 30]) > 1


@pytest.mark.release
@pytest.mark.engine
def test_names_and_copies_of_all_values_take_bytes(engine, signatures):
    rows = pd.DataFrame(measure_sizes(engine.client, signatures))
    of_all = rows[rows["documents"] == len(signatures)].set_index(["index", "change"])["value"]
    for index in ("tester", "tester_none"):
        assert of_all[index, "w_ names"] < of_all[index, "none"] < of_all[index, "timestamp"]
        assert of_all[index, "timestamp and _all"] > 1.1 * of_all[index, "timestamp"]
    few = rows[rows["documents"] == FEW].set_index(["index", "shards"])["value"]
    assert (few.xs(SHARDS_THEN, level="shards") > few.xs(1, level="shards")).all()


def test_both_ways_of_encoding_give_the_same(collection):
    ratio, share = measure_encoding(collection, 3, 3)
    assert 0 < ratio["low"] <= ratio["value"] <= ratio["high"]
    assert 0 < share["value"] < 1


def test_words_are_renamed_and_nothing_else():
    record = {"path": "simple", "signature": [1], "simple_word_62": 7}
    assert short_names(record) == {"path": "simple", "signature": [1], "w_62": 7}


def test_all_that_the_page_says_is_recorded():
    recorded = pd.read_csv(RECORDED, keep_default_na=False)
    sizes = recorded[recorded["what"] == "bytes"]
    large = sizes[sizes["documents"] == DOCUMENTS]
    assert set(zip(large["index"], large["change"], strict=True)) == {
        (index, change) for index in ("tester", "tester_none") for change in CHANGES
    }
    assert set(sizes[sizes["documents"] == FEW]["index"]) == set(INDICES)
    assert set(recorded[recorded["what"] == "score"]["index"]) == set(TYPES)
    assert recorded["on"].str.startswith("Elasticsearch").all()
