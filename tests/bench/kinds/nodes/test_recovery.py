"""What follows from looks at a cluster and from searches while a node is lost."""

import numpy as np
import pytest

from bench.kinds.nodes.recovery import (
    check_lost,
    gone_table,
    outcomes_table,
    recovery_table,
    refuse_different,
)
from bench.runs.errors import WrongIndexError


def test_times_are_those_of_the_first_look_that_shows_it(made):
    (row,) = recovery_table(made["indices"], made["health"], made["shards"]).to_dict("records")
    assert (row["noticed"], row["primaries"], row["copies"]) == (0.5, 0.7, 6.0)
    assert (row["store_before"], row["store_after"], row["nodes_left"]) == (2000, 2002, 2)
    assert row["difference"] == pytest.approx(0.001)


def test_copies_that_do_not_come_back_have_no_time(made):
    health = made["health"][made["health"]["seconds"] < 6]
    (row,) = recovery_table(made["indices"], health, made["shards"]).to_dict("records")
    assert row["primaries"] == 0.7
    assert np.isnan(row["copies"])


def test_searches_are_told_by_phase(made):
    recovery = recovery_table(made["indices"], made["health"], made["shards"])
    table = outcomes_table(made["lost"], recovery)
    told = table[["arrangement", "phase", "searches", "same", "error"]].to_numpy().tolist()
    assert told == [
        ["copied", "before", 1, 1, 0],
        ["copied", "a copy missing", 2, 1, 1],
        ["copied", "all copies again", 1, 1, 0],
        ["sharded", "all copies again", 1, 0, 1],  # of the index with copies
    ]
    assert table["longest_ms"].tolist() == [5, 400, 6, 3]
    assert table.loc[1, "reasons"] == "503 search_phase_execution_exception"


def test_a_search_that_was_under_way_met_the_loss(made):
    made["lost"].loc[0, "latency_ms"] = 600.0  # sent half a second before
    recovery = recovery_table(made["indices"], made["health"], made["shards"])
    first = outcomes_table(made["lost"], recovery).iloc[0]
    assert (first["phase"], first["searches"], first["longest_ms"]) == ("a copy missing", 3, 600)


def test_what_went_with_the_node(made):
    (row,) = gone_table(made["indices"], made["shards"]).to_dict("records")
    assert (row["documents_left"], row["share_gone"], row["shards_left"]) == (60, 0.4, 1)


def test_another_whole_answer_ends_the_run(made):
    refuse_different(made["lost"])
    made["lost"].loc[2, "outcome"] = "different"
    with pytest.raises(WrongIndexError, match=r"words, copied, query 0: 0\.4 s after a node"):
        refuse_different(made["lost"])


def test_a_whole_answer_without_all_documents_is_told(made):
    gone = gone_table(made["indices"], made["shards"])
    assert check_lost(made["lost"], gone).holds
    made["lost"].loc[4, "outcome"] = "same"
    check = check_lost(made["lost"], gone)
    assert check.found == "words, query 0: whole, though documents are gone"
