"""Recompute an experiment: who is right, every measure, every summary of times."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from rich.progress import Progress

from bench.cost.indexing import summarize_indexing
from bench.cost.searching import summarize_searches
from bench.kinds.experiment.config import Experiment
from bench.kinds.experiment.hits_checks import check_counts, check_order, check_relations
from bench.kinds.experiment.tables import evaluation_tables
from bench.runs.check import Check, same_table


def recompute_experiment(
    experiment: Experiment,
    tables: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
    progress: Progress,
) -> Iterator[Check]:
    """Check the raw rows, then evaluate the candidates and sum up the samples of times again."""
    variants = experiment.expand()
    raw = (
        check_counts(tables, manifest, [variant.index_name for variant in variants]),
        check_order(tables, variants, experiment.search.size),
        check_relations(tables, experiment.dataset.collection),
    )
    yield from raw
    if not all(check.holds for check in raw):  # nothing follows from rows that are wrong themselves
        return
    stored = tables["variants"]
    again = evaluation_tables(
        experiment,
        variants,
        dict(zip(stored["variant"], stored["ranks_as"], strict=True)),
        queries=tables["queries"],
        candidates=tables["candidates"],
        n_documents=int((tables["documents"]["doc"] >= 0).sum()),
        progress=progress,
    )
    if experiment.cost is not None:
        again["search_cost"] = summarize_searches(tables["search_samples"], experiment.cost)
        again["index_cost"] = summarize_indexing(tables["index_samples"], experiment.cost)
    for name, table in again.items():
        if name in tables:
            yield same_table(name, tables[name], table)
        else:
            yield Check(f"{name} follows from the raw rows", False, "the run has no such table")
