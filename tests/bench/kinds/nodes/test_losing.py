"""What is told of one search, and which node may be lost; whole losses are in `test_measure`."""

import pandas as pd
import pytest

from bench.engine.errors import EngineError
from bench.index.variant import Variant
from bench.kinds.nodes.losing import DIFFERENT, ERROR, SAME, Asked, ask, find_victim, hits_of, since

WORDS = Variant(N=32, k=7, codec={"id": "none"}, layout="keyword_column", name="words")


@pytest.fixture(scope="module")
def index(engine):
    name = "nodes-losing"
    settings = {"number_of_shards": 1, "number_of_replicas": 0}
    engine.client.indices.create(index=name, settings=settings)
    for number in range(3):
        engine.client.index(index=name, id=str(number), document={"n": number}, refresh=True)
    yield name
    engine.client.indices.delete(index=name)


@pytest.mark.engine
@pytest.mark.parametrize(
    ("docs", "at", "outcome"),
    [
        ([0, 1, 2], "", SAME),
        ([0, 2, 1], "", DIFFERENT),
        ([0, 1], "", DIFFERENT),
        ([], "-no", ERROR),
    ],
)
def test_an_answer_is_the_one_of_before_or_another_or_none(engine, index, docs, at, outcome):
    body = {"index": index + at, "query": {"match_all": {}}, "sort": ["_score", "_seq_no"]}
    told = ask(engine.client, Asked(WORDS, "words", "copied", 7, body, (docs, [1] * len(docs))))
    assert (told["query"], told["outcome"]) == (7, outcome)
    assert told["reason"] == ("404 index_not_found_exception" if outcome == ERROR else "")
    assert told["latency_ms"] > 0


@pytest.mark.engine
def test_the_only_node_cannot_be_lost(engine):
    with pytest.raises(EngineError, match="None of 1 nodes can be lost"):
        find_victim(engine.client)


def test_hits_are_kept_by_query_in_their_order(made):
    answers = made["answers"]
    assert hits_of(answers[answers["arrangement"] == "whole"]) == {
        0: ([7, 3, 5], [9, 4, 4]),
        1: ([1, 4, 6], [2, 1, 1]),
    }


def test_times_are_since_the_loss():
    assert since(pd.DataFrame({"seconds": [3.0, 5.5]}), 4.0)["seconds"].to_list() == [-1, 1.5]
