"""Searches of a run's indices on the engine, and what they come to."""

import numpy as np
import pytest
from rich.progress import Progress

from bench.index.variant import Variant
from bench.kinds.scale.config import Scale
from bench.kinds.scale.kind import ScaleKind
from bench.kinds.scale.searched import _check_hits
from bench.runs.config_file import load_config
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


@pytest.mark.slow
@pytest.mark.engine
def test_every_table_follows_from_the_raw_rows(finished_scale):
    folder = finished_scale.folder
    manifest = folder.manifest()
    tables = {name: folder.table(name) for name in manifest["tables"]}
    config = load_config(finished_scale.config, Scale)
    checks = list(ScaleKind().recompute(config, tables, manifest, Progress(disable=True)))
    assert [check for check in checks if not check.holds] == []
    names = " ".join(check.name for check in checks)
    for name in ("search_cost", "live", "postings", "quality", "fixed_cutoffs", "tail"):
        assert f"{name} follows" in names


@pytest.mark.slow
@pytest.mark.engine
def test_all_indices_of_a_size_were_searched_under_every_condition(finished_scale):
    samples = finished_scale.folder.table("search_samples")
    assert set(samples["documents"]) == {1_500}
    base = samples[(samples["clients"] == 1) & samples["second_key"] & ~samples["ingest"]]
    warm = base[base["state"] == "warm"].groupby("variant").size()
    assert set(warm) == {24}
    assert len(set(samples.groupby("variant").size())) == 1
    for axis in ("second_key", "ingest"):
        assert set(samples[axis]) == {True, False}
    cost = finished_scale.folder.table("search_cost")
    assert (cost["ratio_to_first"][cost["variant"] == "made_scale"] == 1).all()


@pytest.mark.slow
@pytest.mark.engine
@pytest.mark.only_on("elasticsearch", reason="has no vectors of bits")
def test_exact_indices_found_all_and_graphs_as_many_as_they_can(finished_scale):
    live = finished_scale.folder.table("live")
    exact = live[live["num_candidates"] == 0]
    assert set(exact["variant"]) == {"made_scale", "made_bits"}
    assert set(exact["documents"]) == {300, 400, 1_500}
    assert (exact["recall"] == 1).all()
    graphs = live[live["variant"] == "made_graph"]
    assert graphs.groupby("documents")["num_candidates"].apply(list).to_list() == [[20, 40]] * 3
    assert (graphs["recall"] > 0.7).all()
    assert graphs["ratio_to_exact"].notna().all()


@pytest.mark.slow
@pytest.mark.engine
def test_answers_of_more_documents_hold_those_of_fewer_that_are_still_among_the_best(
    finished_scale,
):
    answers = finished_scale.folder.table("answers")
    assert set(answers["documents"]) == {300, 400, 1_500}
    shape = {"index": ["source", "row"], "columns": "documents", "values": "value"}
    worst = answers.pivot_table(**shape, aggfunc="min", observed=True)
    full = answers.pivot_table(**shape, aggfunc="size", observed=True) == 20
    both = full.all(axis=1)
    assert both.any()
    assert (worst.loc[both, 300] <= worst.loc[both, 400]).all()
    assert (worst.loc[both, 400] <= worst.loc[both, 1_500]).all()
    right = answers[answers["code"] == 2].groupby(["documents", "source"], observed=True).size()
    assert right.min() > 0
