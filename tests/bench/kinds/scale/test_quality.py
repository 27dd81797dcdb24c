"""What is found at each size, by hand and of a run on the engine."""

import numpy as np
import pandas as pd
import pytest

from bench.kinds.scale.config import Quality
from bench.kinds.scale.quality import (
    DISTANCE,
    MARGIN,
    VALUE,
    check_answers,
    postings_table,
    quality_tables,
)
from bench.search.exact.truth import RIGHT, WRONG

#: Two scenes of four queries each, one half each; every query has one right answer.
QUERIES = pd.DataFrame(
    {
        "query": np.arange(8),
        "in_database": True,
        "transform": "jpeg",
        "strength": 1.0,
        "photo": np.repeat(["a", "b"], 4),
        "group": np.repeat(["a", "b"], 4),
        "half": np.repeat(["tune", "report"], 4),
        "status": "ok",
    }
)
QUALITY = Quality(size=3, k=2, live=10, num_candidates=[3], resamples=100)


def made(documents: int, source: str, wrong: float) -> pd.DataFrame:
    """Each query finds its right answer with 10, and a wrong one with that value."""
    values = sorted([(10.0, RIGHT), (wrong, WRONG)], reverse=True)
    rows = [
        (documents, source, row, rank, value, code)
        for row in range(8)
        for rank, (value, code) in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=["documents", "source", "row", "rank", "value", "code"])


def test_a_cutoff_of_the_smallest_size_stays_as_it_is():
    answers = pd.concat([made(100, "words", 4), made(1_000, "words", 12)], ignore_index=True)
    tables = quality_tables(QUALITY, QUERIES, answers)
    kept = tables["fixed_cutoffs"]
    kept = kept[(kept["scoring"] == VALUE) & (kept["target"] == "P90")]
    assert kept["documents"].to_list() == [100, 1_000]
    assert kept["cutoff"].to_list() == [10, 10]
    assert kept["right"].to_list() == [4, 4]
    assert kept["wrong"].to_list() == [0, 4]
    assert kept["precision"].to_list() == [1, 0.5]
    assert kept["recall"].to_list() == [1, 1]
    found = tables["quality"].set_index(["documents", "scoring", "measure"])["value"]
    assert found[100, VALUE, "uAP"] == 1
    assert found[1_000, VALUE, "uAP"] < 1
    assert found[1_000, VALUE, "recall@1"] == 0
    assert found[1_000, VALUE, "candidate_recall@3"] == 1


def test_the_background_is_the_kth_best_of_the_answer():
    answers = made(100, "words", 4)
    plain = answers["row"] == 0  # all of this query's hits are 6 higher
    answers.loc[plain, "value"] += 6
    found = quality_tables(QUALITY, QUERIES, answers)["fixed_cutoffs"]
    cutoffs = found[found["target"] == "P99"].set_index("scoring")["cutoff"]
    assert cutoffs[MARGIN] == 6  # 10 - 4, and 16 - 10


def test_postings_are_the_mean_score_of_all_pairs():
    pairs = pd.DataFrame(
        [(10, "words", 0, 15), (10, "words", 3, 5), (10, "bits", 200, 20)],
        columns=["documents", "source", "score", "pairs"],
    )
    table = postings_table(pairs, {"words"})
    assert table.to_numpy().tolist() == [[10, "words", 0.75]]


@pytest.fixture
def answered():
    """Answers of two hits each, and the pairs they are among."""
    answers = made(4, "words", 4)
    pairs = pd.DataFrame(
        [(4, "words", 0, 16), (4, "words", 4, 8), (4, "words", 10, 8)],
        columns=["documents", "source", "score", "pairs"],
    )
    return {"answers": answers, "score_pairs": pairs, "queries": QUERIES}


def test_whole_answers_hold(answered):
    assert check_answers(answered, 3).holds
    assert check_answers(answered, 2).holds  # full: pairs at 4 may be cut off
    distances = answered["answers"].assign(source=DISTANCE, value=-0.1)
    both = pd.concat([answered["answers"], distances], ignore_index=True)
    assert check_answers(answered | {"answers": both}, 3).holds


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t["answers"].drop(index=[0]).reset_index(drop=True), "ranks are not"),
        (lambda t: t["answers"][t["answers"]["row"] > 0], "14 hits score above 0, 16 pairs do"),
        (lambda t: t["answers"].assign(value=np.tile([4.0, 10.0], 8)), "above the one before"),
    ],
)
def test_a_hit_that_is_missing_or_misplaced_is_told(answered, change, message):
    check = check_answers(answered | {"answers": change(answered)}, 3)
    assert not check.holds
    assert message in check.found


def test_pairs_that_were_not_counted_are_told(answered):
    few = answered["score_pairs"].iloc[1:]
    check = check_answers(answered | {"score_pairs": few}, 3)
    assert "words at 4 documents: 16 pairs of 8 queries" in check.found
