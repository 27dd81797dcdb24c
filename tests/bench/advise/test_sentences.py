import pytest

from bench.advise import Question, advise
from bench.advise.sentences import cutoff_text, sentences
from bench.runs.environment import ROOT
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
    assert "200 MB (180 MB to 240 MB) in 1 primary shard, 400 MB with 1 replica of each" in size
    assert "not corrected for large shards" in size
    # 400 MB, and a shard of 200 MB that is merged on each node, below 85 % of the disks.
    assert "941 MB of disk on 2 nodes, which a node for each copy requires" in size
    assert speed.startswith("What a search takes is not known")
    assert "simulated on 20,000 documents, with queries of the collection made" in choice


def test_what_is_proven_is_said_to_be(asked):
    choice, evidence, *_ = sentences(asked(images=10_000, precision=0.9, recall=0.5))
    assert "proven by counted pairs" in choice
    assert "extrapolat" not in choice + evidence
    assert "2.0e+7 were counted, 20 of them wrong, few enough to prove it." in evidence


def test_what_is_proven_by_more_recall_than_was_asked_for_is_not_contradicted(asked):
    choice, evidence, *_ = sentences(asked(images=1_000_000, precision=0.6, recall=0.1))
    assert "proven by counted pairs" in choice
    assert "no count proves it" not in evidence
    assert "extrapolat" not in evidence
    assert (
        "With a recall of at least 0.842 among 1,000,000 images, at most 2.8e-7 wrong" in evidence
    )
    assert "2.0e+7 were counted, which prove it." in evidence


def test_fewer_candidates_than_any_choice_fetches_are_the_reason():
    asked = Question(images=10**6, precision=0.9, recall=0.5, candidates=50)
    choice, _ = sentences(advise(asked, SEARCHED_AT_A_MILLION))
    assert choice == (
        "Nothing reaches precision 0.9 at recall 0.5 over 1,000,000 images: every choice fetches "
        "at least 100 candidates, more than the 50 allowed."
    )


def test_a_margin_among_more_documents_than_were_searched_is_not_called_provable():
    asked = Question(images=1_100_000, precision=0.5, recall=0.5)
    evidence = sentences(advise(asked, SEARCHED_AT_A_MILLION))[1]
    assert "enough to prove it" not in evidence
    assert evidence.endswith(
        "no count proves what a margin keeps among more documents than were searched."
    )


def test_fewer_images_than_were_searched_are_reckoned_as_these():
    asked = Question(images=1_000, precision=0.9, recall=0.5)
    evidence = sentences(advise(asked, SEARCHED_AT_A_MILLION))[1]
    assert "among 20,000 images, at most" in evidence


def test_what_would_be_needed(asked):
    choice, evidence, size, _ = sentences(asked(images=800_000_000, precision=0.99, recall=0.99))
    assert choice.startswith("None of 7 choices reaches")
    assert "At this precision the best recall is 0.850" in choice
    assert "at this recall no choice is left" in choice
    assert "to prove that of any of 7 choices takes 7.9e+11 query × document pairs" in evidence
    assert "160 GB (144 GB to 192 GB)" in size


def test_cutoff_of_a_distance(asked):
    advice = asked(images=1_000_000, precision=0.9, recall=0.9, candidates=100_000)
    best = advice.chosen["safe"]
    assert best is not None
    assert cutoff_text(best) == "score ≥ 1 and distance by the words' signs < 0.3"


SEARCHED_AT_A_MILLION = RunFolder(ROOT / "results" / "reference-scale-1m")
#: It searched words and bits among 8,316,821 documents, and timed these alone.
LARGE = RunFolder(ROOT / "results" / "reference-scale-8m-searched")
SEARCHED = 8_316_821


def of_large(**question):
    advice = advise(Question(precision=0.9, **question), LARGE)
    _, best = advice.best
    assert best is not None
    assert best.speed is not None
    return sentences(advice), best, best.speed


def test_that_shards_are_searched_side_by_side_is_told_as_assumed():
    told, best, speed = of_large(images=10**10, recall=0.3)
    cores = 2 * best.nodes.count
    assert (best.size.shards, speed.rounds) == (50, -(-50 // cores))
    assert speed.source == "assumed"
    rounds = f"assumed: that 50 shards are searched side by side, in {speed.rounds} rounds"
    assert f"{rounds} for want of cores, was not measured" in told[3]
    times = 10**10 / 50 / SEARCHED
    assert speed.milliseconds == pytest.approx(531.9 * times * speed.rounds, rel=1e-3)
    assert f"what one takes is extrapolated from 8,316,821 documents, to {times:.1f}" in told[3]


def test_time_and_recall_beyond_the_one_size_that_was_searched_are_extrapolated():
    told, _, speed = of_large(images=10**8, recall=0.4)
    assert speed.milliseconds == pytest.approx(531.9 * 10**8 / SEARCHED, rel=1e-3)
    assert "extrapolated from 8,316,821 documents, to 12.0 times the most work" in told[3]
    assert "Recall, too, is extrapolated: it is that among 8,316,821 documents" in told[0]


def test_at_the_size_that_was_searched_time_and_recall_are_measured():
    told, *_ = of_large(images=SEARCHED, recall=0.4)
    assert "531.9 ms" in told[3]
    assert "measured at this size" in told[3]
    assert "Recall" not in told[0]


def test_why_there_are_more_replicas_is_told():
    told, best, _ = of_large(images=SEARCHED, recall=0.4, searches=1e3)
    nodes = best.nodes.count
    assert nodes > 100
    assert f"with {nodes - 1} replicas of each (not 1, as each node that searches" in told[2]
    assert f"on {nodes} nodes, which the searches a second require" in told[2]


def test_why_shards_are_smaller_is_told():
    told, best, _ = of_large(images=10**9, recall=0.3, node_memory=2e9)
    assert best.size.shard_bytes <= 2e9
    assert "small enough for a node to hold whole ones (2.0 GB at most)" in told[2]
    told, *_ = of_large(images=10**9, recall=0.3, milliseconds=10)
    assert "of several indices, as one has 1,024 at most" in told[2]


def test_a_collection_smaller_than_any_that_was_measured():
    told, best, _ = of_large(images=1, recall=0.5)
    assert 0 < best.size.primary_low <= best.size.primary_bytes < best.size.primary_high
    assert "The fewest documents that were measured in a shard are 5,000" in told[2]
    assert "extrapolated from 8,316,821 documents, and" in told[3]
