import pytest

from bench.advise import Question, advise
from bench.advise.sentences import cutoff_text, sentences
from bench.runs.folder import RunFolder


@pytest.fixture(scope="module")
def asked(sweep_folder):
    def ask(**question):
        return advise(Question(**question), RunFolder(sweep_folder))

    return ask


def test_a_model_is_never_sold_as_measured(asked):
    choice, evidence, size, speed = sentences(asked(images=1_000_000, precision=0.99, recall=0.75))
    assert "safe by a model's lower bounds, an extrapolation" in choice
    assert "32x8 in the layout tagged_long, kept where score ≥ 12" in choice
    assert "no count proves it: the model's figures are extrapolated by 4.7 powers" in evidence
    assert "200 MB (180 MB to 240 MB) in 1 primary shard, 400 MB with replicas" in size
    assert "not corrected for large shards" in size
    # 400 MB, and a shard of 200 MB that is merged on each node, below 85 % of the disks.
    assert "941 MB of disk on 2 nodes, which a node for each copy requires" in size
    assert speed.startswith("What a search takes is not known")
    assert "simulated on 20,000 documents, with queries of the collection made" in choice


def test_what_is_proven_is_said_to_be(asked):
    choice, evidence, *_ = sentences(asked(images=10_000, precision=0.9, recall=0.5))
    assert "proven by counted pairs" in choice
    assert "extrapolat" not in choice + evidence


def test_what_would_be_needed(asked):
    choice, evidence, size, _ = sentences(asked(images=800_000_000, precision=0.99, recall=0.99))
    assert choice.startswith("None of 7 choices reaches")
    assert "At this precision the best recall is 0.850" in choice
    assert "at this recall no choice is left" in choice
    assert "4.8e+11 query × document pairs" in evidence
    assert "160 GB (144 GB to 192 GB)" in size


def test_cutoff_of_a_distance(asked):
    advice = asked(images=1_000_000, precision=0.9, recall=0.9, candidates=100_000)
    best = advice.chosen["safe"]
    assert best is not None
    assert cutoff_text(best) == "score ≥ 1 and distance by the words' signs < 0.3"
