"""Answers of several shards beside those of one, and what searches take; of made rows."""

import pandas as pd
import pytest

from bench.kinds.nodes.arrangements import ALIKE, COPIED, SHARDED, WHOLE
from bench.kinds.nodes.searching import check_alike, searches_table
from bench.kinds.sections import Resampling


def test_only_documents_of_the_last_score_may_be_others(made):
    check = check_alike(made["answers"])
    assert check.holds, check.found
    assert check.found == "6 answers"


@pytest.mark.parametrize(
    ("column", "value", "rank"), [("doc", 9, 0), ("score", 8, 0), ("score", 2, 2)]
)
def test_another_hit_is_told(made, column, value, rank):
    answers = made["answers"]
    one = (answers["arrangement"] == SHARDED) & (answers["query"] == 0) & (answers["rank"] == rank)
    answers.loc[one, column] = value
    check = check_alike(answers)
    assert not check.holds
    assert "words, query 0: sharded does not answer as whole" in check.found


def test_an_answer_that_is_missing_is_told(made):
    answers = made["answers"]
    check = check_alike(answers[answers["arrangement"] != COPIED])
    assert not check.holds
    assert "answers of sharded, whole alone" in check.found


def test_ratios_are_to_one_shard():
    samples = pd.DataFrame(
        [
            ("words", name, query, 2.0, (1.0 + place) * (10 + query))
            for place, name in enumerate(ALIKE)
            for query in range(40)
        ],
        columns=["variant", "arrangement", "query", "took_ms", "latency_ms"],
    )
    table = searches_table(samples, Resampling(resamples=100)).set_index("arrangement")
    assert table["ratio"].round(9).to_dict() == {WHOLE: 1, SHARDED: 2, COPIED: 3}
    assert table.loc[COPIED, "ratio_low"] == pytest.approx(3)
    assert table["searches"].tolist() == [40, 40, 40]
