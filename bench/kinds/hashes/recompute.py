"""Recompute a hash run: every value of every ranking from the hits, times from their samples."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from bench.kinds.beside import search_times
from bench.kinds.hashes.config import Hashes
from bench.kinds.hashes.contenders import contenders
from bench.kinds.hashes.perception import recall_table
from bench.kinds.hashes.tables import hash_times, questions
from bench.kinds.judged import quality_tables
from bench.runs.check import KERNELS, Check, agree, same_tables
from bench.search.exact.answers import lists_of


def recompute_hashes(
    config: Hashes, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> Iterator[Check]:
    """Measure all rankings again from their hits."""
    yield _confirmed(tables, manifest)
    every = contenders(config, manifest["left_out"])
    names = {one.name: [each.name for each in one.scorings] for one in every}
    again = quality_tables(questions(config, tables["queries"]), lists_of(tables["hits"]), names)
    again["hash_times"] = hash_times(tables["hash_samples"])
    again["search_times"] = search_times(tables["searches"], config.evaluation)
    if "perception" in tables:
        again["perception"] = recall_table(tables["perception_distances"])
    yield from same_tables(tables, again, KERNELS)


def _confirmed(tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]) -> Check:
    """Whether as many hits were compared with the engine's as there are, in every index."""
    indices = tables["indices"]
    counted = tables["hits"].groupby("source", observed=True).size()
    problems = []
    if (hits := int(indices["verified_hits"].sum())) != manifest["verified_hits"]:
        problems.append(f"{hits:,} verified hits, the manifest says {manifest['verified_hits']:,}")
    for row in indices.to_dict("records"):
        if row["verified_hits"] != counted.get(row["source"], 0):
            problems.append(f"{row['source']}: {row['verified_hits']:,} hits were confirmed")
        if row["documents"] != manifest["dataset"]["documents"]:
            problems.append(f"{row['source']} has {row['documents']:,} documents")
        if row["bytes_per_document"] != row["store_bytes"] / row["documents"]:
            problems.append(f"{row['source']}: bytes a document are not store over documents")
    found = f"{len(indices)} indices, {hits:,} hits"
    return agree("the engine confirmed every list", problems, found)
