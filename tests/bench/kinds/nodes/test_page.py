"""Sentences of the page, of made tables."""

from bench.kinds.nodes.copies import sizes_table
from bench.kinds.nodes.page import gone_sentences, loss_sentences, node_listings, size_sentences
from bench.kinds.nodes.recovery import gone_table, outcomes_table, recovery_table
from bench.runs.environment import ROOT
from bench.runs.folder import RunFolder


def test_sizes_beside_what_is_predicted(made):
    assert size_sentences(sizes_table(made["indices"], made["shards"]), 3) == [
        "words: 100 documents in 2 shards with a replica each take 2.0 kB on 3 nodes; 2.0 kB are "
        "predicted from one shard with as many documents as each holds: +0.00 %."
    ]


def test_a_loss_is_told_with_its_failures(made):
    recovery = recovery_table(made["indices"], made["health"], made["shards"])
    outcomes = outcomes_table(made["lost"], recovery)
    assert loss_sentences(recovery, outcomes) == [
        "words: a node was killed; of 3 searches that were under way or came later 1 failed, the "
        "longest took 400 ms, and the answers were those of before. The cluster noticed after "
        "0.5 s, every shard had a "
        "primary after 0.7 s, and every copy was there again after 6.0 s, in 2.0 kB on 2 nodes "
        "(+0.10 %)."
    ]
    assert gone_sentences(gone_table(made["indices"], made["shards"]), outcomes) == [
        "words: without a replica 40.0 % of the documents were gone with the node, and 1 of 1 "
        "searches were told so."
    ]


def test_copies_that_stayed_away_are_no_success(made):
    health = made["health"][made["health"]["seconds"] < 6]
    recovery = recovery_table(made["indices"], health, made["shards"])
    (said,) = loss_sentences(recovery, outcomes_table(made["lost"], recovery))
    assert said.endswith("and not every copy was there again within the limit.")


def test_what_was_not_seen_within_the_limit_has_no_figure(made):
    health = made["health"][made["health"]["seconds"] < 0.3]
    recovery = recovery_table(made["indices"], health, made["shards"])
    (said,) = loss_sentences(recovery, outcomes_table(made["lost"], recovery))
    assert "The cluster did not have every shard again within the limit, and not every" in said
    assert "–" not in said


def test_what_has_no_replica_never_has_all_copies_again():
    folder = RunFolder(ROOT / "results" / "reference-nodes")
    (table,) = [
        one.table for one in node_listings(folder, folder.manifest()) if "did searches" in one.title
    ]
    told = table[["arrangement", "phase"]].to_numpy().tolist()
    assert told == [
        ["copied", "before"],
        ["copied", "a copy missing"],
        ["copied", "all copies again"],
        ["sharded", "a copy missing"],
    ]
