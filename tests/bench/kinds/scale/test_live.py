"""Live hits beside the exact ones, by hand and of a run on the engine."""

import numpy as np
import pandas as pd
import pytest

from bench.index.variant import Variant
from bench.kinds.scale.config import Scale
from bench.kinds.scale.live import _check_hits, check_live, live_table
from bench.runs.errors import WrongIndexError

GRAPH = Variant(63, 16, {"id": "none"}, layout="vector_sign_hnsw", name="graph")
WORDS = Variant(63, 16, {"id": "none"}, name="words")
KNOWN = np.array([4, 2, 9]), np.array([7, 5, 5])


def hits(*pairs: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Documents and scores."""
    docs, scores = zip(*pairs, strict=True)
    return np.array(docs), np.array(scores)


def test_hits_of_an_exact_index_are_the_very_documents():
    _check_hits(WORDS, 0, KNOWN, KNOWN)
    for wrong in (hits((4, 7), (2, 5)), hits((4, 7), (9, 5), (2, 5)), hits((4, 7), (2, 5), (9, 4))):
        with pytest.raises(WrongIndexError, match="'words', query 0, rank"):
            _check_hits(WORDS, 0, wrong, KNOWN)


def test_hits_of_a_graph_may_be_others_but_not_better():
    _check_hits(GRAPH, 0, hits((4, 7), (1, 5), (3, 2)), KNOWN)
    for wrong in (hits((4, 6)), hits((1, 6))):
        with pytest.raises(WrongIndexError, match="not what its signature gives"):
            _check_hits(GRAPH, 0, wrong, KNOWN)


def made_searches(**wanted: int) -> pd.DataFrame:
    """Raw rows of one query: an index of bits, and one of both, narrowed by 0, 1 and 2 words."""
    rows = [("bits", 0, 10, 8.0), ("both", 0, 10, 8.0)]
    rows += [("both", 1, wanted.get("one", 6), 4.0), ("both", 2, wanted.get("two", 2), 2.0)]
    return pd.DataFrame(
        [
            {
                "documents": 300,
                "variant": variant,
                "num_candidates": 0,
                "filtering_words": words,
                "query": query,
                "took_ms": latency,
                "latency_ms": latency,
                "wanted": hits,
                "found": hits,
                "first_is_right": words < 2,
                "right_found": words < 2 or query % 2 == 0,
            }
            for query in range(20)
            for variant, words, hits, latency in rows
        ]
    )


SCALE = Scale.model_validate(
    {
        "kind": "scale",
        "name": "made",
        "variants": [
            {"name": "bits", "codec": {"id": "none"}, "layout": "vector_sign_flat"},
            {"name": "both", "codec": {"id": "none"}, "layout": "vector_sign_flat_keyword"},
        ],
        "sizes": [100, 200, 300, 400, 500],
        "queries": {},
        "quality": {"filtering_words": [1, 2], "resamples": 100},
    }
)


def test_narrowed_scans_are_compared_with_that_of_all():
    queries = pd.DataFrame({"query": range(20), "in_database": True})
    table = live_table(SCALE, made_searches(), queries)
    own = table.set_index(["variant", "filtering_words"])
    assert own["ratio_to_exact"].to_list()[1:] == [1, 0.5, 0.25]
    assert own["ratio_to_unfiltered"].to_list()[2:] == [0.5, 0.25]
    assert own["ratio_to_unfiltered"].isna().to_list() == [True, True, False, False]
    assert np.isnan(own.loc[("bits", 0), "ratio_to_exact"])
    assert own["candidate_recall"].to_list() == [1, 1, 1, 0.5]
    assert own["hits"].to_list() == [200, 200, 120, 40]
    before = made_searches().query("filtering_words == 0")
    before = before.drop(columns=["filtering_words", "right_found"])
    columns = live_table(SCALE, before, queries).columns
    assert {"filtering_words", "candidate_recall"}.isdisjoint(columns)


def test_more_words_in_common_are_no_more_documents():
    (check,) = check_live({"live_searches": made_searches()})
    assert check.holds
    (check,) = check_live({"live_searches": made_searches(two=7)})
    assert not check.holds
    assert "more documents share more words" in check.found


@pytest.mark.slow
@pytest.mark.engine
@pytest.mark.only_on("elasticsearch", reason="has no vectors of bits")
def test_exact_indices_found_all_and_graphs_as_many_as_they_can(finished_scale):
    live = finished_scale.folder.table("live")
    exact = live[(live["num_candidates"] == 0) & (live["filtered_share"] == 1)]
    assert set(exact["variant"]) == {"made_scale", "made_bits", "made_both"}
    assert set(exact["documents"]) == {300, 400, 1_500}
    assert (exact["recall"] == 1).all()
    graphs = live[(live["variant"] == "made_graph") & (live["filtered_share"] == 1)]
    assert graphs.groupby("documents")["num_candidates"].apply(list).to_list() == [[20, 40]] * 3
    assert (graphs["recall"] > 0.7).all()
    assert graphs["ratio_to_exact"].notna().all()


@pytest.mark.slow
@pytest.mark.engine
@pytest.mark.only_on("elasticsearch", reason="has no vectors of bits")
def test_words_narrowed_bits_and_every_hit_was_confirmed(finished_scale):
    live = finished_scale.folder.table("live")
    live = live[live["filtered_share"] == 1]
    both = live[live["variant"] == "made_both"]
    assert both.groupby("documents")["filtering_words"].apply(list).to_list() == [[0, 1, 3]] * 3
    assert (both["recall"] == 1).all()
    assert both["ratio_to_exact"].notna().all()
    narrowing = both["filtering_words"] > 0
    assert (both["ratio_to_unfiltered"].notna() == narrowing).all()
    for _, own in both.groupby("documents"):
        assert own["hits"].is_monotonic_decreasing
    all_bits = live[live["variant"] == "made_bits"]
    whole = both[both["filtering_words"] == 0]
    assert whole["hits"].to_list() == all_bits["hits"].to_list()
    assert whole["candidate_recall"].to_list() == all_bits["candidate_recall"].to_list()
    narrowed = both.loc[both["filtering_words"] == 3, "hits"].sum()
    assert 0 < narrowed < whole["hits"].sum()


@pytest.mark.slow
@pytest.mark.engine
def test_a_filter_kept_a_share_and_every_hit_was_confirmed(finished_scale):
    live = finished_scale.folder.table("live")
    filtered = live[live["filtered_share"] == 0.2]
    unfiltered = live[live["filtered_share"] == 1]
    assert set(filtered["variant"]) == set(unfiltered["variant"])
    assert (filtered.loc[filtered["num_candidates"] == 0, "recall"] == 1).all()
    assert (filtered["hits"] > 0).all()
    assert filtered["ratio_to_unfiltered"].notna().all()
