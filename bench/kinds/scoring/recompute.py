"""Recompute a scoring run: every value of every ranking from the hits, and the counts."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from bench.kinds.scoring.calibration import calibration_tables
from bench.kinds.scoring.choice import recommended
from bench.kinds.scoring.clusters import clusters_table
from bench.kinds.scoring.config import Scoring
from bench.kinds.scoring.filtered import check_filters
from bench.kinds.scoring.graph import check_graph
from bench.kinds.scoring.lists import scoring_names
from bench.kinds.scoring.quality import quality_tables
from bench.runs.check import KERNELS, Check, agree, same_table, same_tables
from bench.search.exact.answers import lists_of

#: Why values of fitted probabilities may differ.
SOLVERS = f"{KERNELS}, and so do the regressions fitted with them"


def check_confirmed(tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]) -> Check:
    """Whether as many hits were compared with the engine's as the run says, in every index."""
    indices, systems, dataset = tables["indices"], tables["systems"], manifest["dataset"]
    problems = []
    if (hits := int(indices["verified_hits"].sum())) != manifest["verified_hits"]:
        problems.append(f"{hits:,} verified hits, the manifest says {manifest['verified_hits']:,}")
    counted = tables["hits"].groupby("source", observed=True).size().to_dict()
    problems += [
        f"{row['index']}: {row['verified_hits']:,} hits of list {row['source']!r}"
        for row in systems.drop_duplicates(["index", "source"]).to_dict("records")
        if row["verified_hits"] != counted.get(row["source"], 0)
    ]
    for row in indices.to_dict("records"):
        if row["documents"] != dataset["documents"]:
            problems.append(f"{row['index']} has {row['documents']:,} documents")
        if row["bytes_per_document"] != row["store_bytes"] / row["documents"]:
            problems.append(f"{row['index']}: bytes a document are not store over documents")
    found = f"{len(indices)} indices, {len(systems)} rankings, {hits:,} hits"
    return agree("the engine confirmed every list", problems, found)


def recompute_scoring(
    config: Scoring, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> Iterator[Check]:
    """Measure all rankings again from their hits."""
    yield check_confirmed(tables, manifest)
    hits = lists_of(tables["hits"])
    scorings = scoring_names(config.expand(), config.learned)
    again = quality_tables(config, tables["queries"], hits, scorings, next(iter(scorings)))
    yield from same_tables(tables, again, KERNELS)
    if "cutoffs" in tables:
        best = recommended(tables["systems"], tables["scorings"])
        found = calibration_tables(config, tables["queries"], hits, again["tuned"], best)
        yield from same_tables(tables, found, SOLVERS)
    if "clusters" in tables:
        own = clusters_table(config, tables["cluster_queries"], lists_of(tables["cluster_hits"]))
        yield same_table("clusters", tables["clusters"], own, KERNELS)
    if "filters" in tables:
        yield from check_filters(config, tables, hits, again["tuned"])
    if "graph" in tables:
        yield from check_graph(config, tables)
