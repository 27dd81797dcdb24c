"""What follows from what was measured on several engines."""

import numpy as np
import pandas as pd
import pytest

from bench.index.storage import GHOST
from bench.kinds.engines.tables import (
    ALL,
    check_hits,
    hits_table,
    mean_ratio,
    sizes_table,
    speed_table,
)
from bench.kinds.sections import Resampling
from tests.bench.kinds.engines.conftest import FIRST, OTHER, SAME, SETTINGS


def test_bytes_a_document_and_what_is_not_told_is_missing(same_hits):
    sizes = sizes_table(same_hits["indices"], same_hits["fields"]).set_index(["engine", "variant"])
    column = sizes.loc[(FIRST, "column")]
    assert column["settled"] == 30
    assert column["shed"] == column["loaded"] - 30 == 505
    assert column["ghost_loaded"] == 500
    assert column["ghost_settled"] == 0
    assert sizes.loc[(FIRST, "tester"), "ghost_loaded"] == 0
    assert sizes.loc[(OTHER, "column"), ["ghost_loaded", "ghost_settled"]].isna().all()
    assert sizes.loc[(OTHER, "column"), "shed"] == 505
    assert sizes.loc[(OTHER, "vector")].isna().all()
    assert sizes.loc[(OTHER, "tester"), "ratio_to_first"] == 0.9


def test_a_copy_that_is_left_is_told(same_hits):
    fields = same_hits["fields"].assign(moment="settled")
    sizes = sizes_table(same_hits["indices"], fields).set_index(["engine", "variant"])
    assert (same_hits["fields"]["field"] == GHOST).any()
    assert sizes.loc[(SAME, "column"), "ghost_settled"] == 500


def test_same_hits_do_not_differ(same_hits):
    hits = hits_table(*(same_hits[name] for name in ("indices", "differing")))
    assert list(hits["engine"].unique()) == [SAME, OTHER]
    assert len(hits) == 5  # one index cannot be had on one of the two
    assert (hits.loc[:, "differing_queries":] == 0).all(axis=None)


def test_what_differs_is_counted_by_what_it_is(other_hits):
    hits = hits_table(*(other_hits[name] for name in ("indices", "differing")))
    (row,) = hits[hits["differing_hits"] > 0].to_dict("records")
    assert (row["engine"], row["variant"]) == (OTHER, "tester")
    assert (row["differing_queries"], row["differing_hits"]) == (2, 4)
    assert (row["other_choice"], row["other_score"], row["only_one"]) == (2, 1, 1)


def test_an_order_among_the_hits_is_no_choice_at_the_end(other_hits):
    first = other_hits["differing"].iloc[0]
    swapped = pd.DataFrame(
        [
            {**first, "rank": rank, "doc": doc, "doc_first": other, "score": 5, "score_first": 5}
            for rank, doc, other in ((1, 7, 8), (2, 8, 7))
        ]
    )
    hits = hits_table(other_hits["indices"], swapped)
    assert (hits["other_order"].sum(), hits["other_choice"].sum()) == (2, 0)


@pytest.mark.parametrize("measured", ["same_hits", "other_hits"])
def test_hits_come_out_of_the_first_ones_and_what_differs(measured, request):
    tables = request.getfixturevalue(measured)
    assert check_hits(tables).holds
    changed = tables["candidates"].assign(doc=lambda hits: hits["doc"] + 1)
    assert not check_hits(tables | {"candidates": changed}).holds


def test_a_difference_that_was_taken_out_is_found(other_hits):
    check = check_hits(other_hits | {"differing": other_hits["differing"].iloc[1:]})
    assert not check.holds
    assert f"tester on {OTHER}" in check.found


def test_above_one_is_faster_for_searches_and_for_loading(same_hits):
    speed = speed_table(same_hits["search_samples"], same_hits["index_samples"], SETTINGS)
    of_other = speed[(speed["engine"] == OTHER) & (speed["variant"] == "tester")]
    search, bulk = (of_other[of_other["measure"] == one].iloc[0] for one in ("search", "bulk"))
    assert search["times_as_fast"] == pytest.approx(2)
    assert bulk["times_as_fast"] == pytest.approx(2)
    assert (search["first"], search["own"]) == (pytest.approx(8), pytest.approx(4))
    assert bulk["own"] == pytest.approx(2 * bulk["first"])
    assert search["low"] < 2 < search["high"]
    assert search["low"] > 1


def test_all_indices_together_have_a_row(same_hits):
    speed = speed_table(same_hits["search_samples"], same_hits["index_samples"], SETTINGS)
    total = speed[speed["variant"] == ALL].set_index(["engine", "measure"])
    assert len(total) == 4
    assert total.loc[(SAME, "search"), "times_as_fast"] == pytest.approx(1)
    assert total.loc[(SAME, "search"), "low"] < 1 < total.loc[(SAME, "search"), "high"]


def test_a_mean_of_ratios_is_geometric():
    pairs = [(np.full(5, 8.0), np.full(5, 2.0)), (np.full(5, 1.0), np.full(5, 1.0))]
    found = mean_ratio(pairs, Resampling(resamples=100))
    assert found == {name: pytest.approx(2) for name in ("times_as_fast", "low", "high")}


def test_an_interval_is_of_pairs():
    """What is slow in both at a time says nothing of their ratio."""
    first = np.geomspace(1, 100, 40)
    found = mean_ratio([(2 * first, first)], Resampling(resamples=100))
    assert (found["low"], found["high"]) == (pytest.approx(2), pytest.approx(2))
