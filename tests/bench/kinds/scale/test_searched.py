"""Searches of a run's indices on the engine, and what they come to."""

import pandas as pd
import pytest
from rich.progress import Progress

from bench.cost.searching import at_base
from bench.kinds.scale.config import Scale
from bench.kinds.scale.kind import ScaleKind
from bench.kinds.scale.searched import with_names
from bench.runs.config_file import load_config


def test_a_condition_that_no_index_takes_part_in_has_no_samples():
    assert with_names(pd.DataFrame(), {"a-100": "a"}, 100).empty
    samples = with_names(pd.DataFrame({"variant": ["a-100"]}), {"a-100": "a"}, 100)
    assert samples.to_dict("list") == {"variant": ["a"], "documents": [100]}


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
    base = at_base(samples)
    assert set(base.groupby("variant").size()) == {24}
    assert (samples["answer_bytes"] > 0).all()
    assert len(set(samples.groupby("variant").size())) == 1
    for axis in ("second_key", "ingest"):
        assert set(samples[axis]) == {True, False}
    cost = finished_scale.folder.table("search_cost")
    assert (cost["ratio_to_first"][cost["variant"] == "made_scale"] == 1).all()


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
