import pytest

from bench.advise.question import Question, QuestionError


def test_allowed_rate_and_proof_by_hand():
    asked = Question(images=800_000_000, precision=0.99, recall=0.99)
    # 0.495 right answers a query allow 0.005 wrong ones, over 800 million images.
    rate = asked.allowed_rate(asked.recall, asked.images)
    assert rate == pytest.approx(6.25e-12)
    assert asked.pairs_needed(rate, 1) == pytest.approx(2.9957 / 6.25e-12, rel=1e-4)
    # Each of 500 choices is proven at one 500th of 5 %.
    assert asked.pairs_needed(rate, 500) == pytest.approx(9.2103 / 6.25e-12, rel=1e-4)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": 0}, "images is 0; it must be at least 1"),
        ({"precision": 1.0}, "precision is 1.0"),
        ({"recall": float("nan")}, "recall is nan"),
        ({"match_share": 0.0}, "match_share"),
        ({"shard_bytes": 10.0}, "shard_bytes"),
        ({"replicas": -1}, "replicas"),
        ({"candidates": 0}, "candidates"),
        ({"milliseconds": 0}, "milliseconds is 0; it must be above 0"),
        ({"disk": float("nan")}, "disk is nan"),
        ({"searches": -1}, "searches"),
        ({"node_memory": 1000}, "node_memory is 1000; it must be at least 1e6 bytes"),
        ({"cores": 0}, "cores"),
        ({"node_disk": 3e10}, "node_disk is 30000000000.0; it must be at least two shards"),
    ],
)
def test_impossible_questions_are_refused(change, message):
    with pytest.raises(QuestionError, match=message):
        Question(**({"images": 10, "precision": 0.9, "recall": 0.9} | change))
