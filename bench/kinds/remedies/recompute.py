"""Recompute a remedy run: every value of every ranking from the hits, times from their samples."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from bench.kinds.remedies.config import Remedies
from bench.kinds.remedies.lists import tried
from bench.kinds.remedies.tables import remedy_tables, search_table, signing_table
from bench.runs.check import KERNELS, Check, agree, same_tables
from bench.search.exact.answers import lists_of


def recompute_remedies(
    config: Remedies, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> Iterator[Check]:
    """Measure all rankings again from their hits."""
    yield _confirmed(config, tables, manifest)
    again = remedy_tables(config, tables["queries"], lists_of(tables["hits"]))
    again["remedies"] = pd.DataFrame([one.row() for one in tried(config)])
    again["signing_times"] = signing_table(tables["signing_samples"])
    again["search_times"] = search_table(config, tables["searches"])
    yield from same_tables(tables, again, KERNELS)


def _confirmed(
    config: Remedies, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> Check:
    """Whether every index has what it should, and answered as often as it was asked."""
    indices = tables["indices"]
    asked = int((tables["queries"]["status"] == "ok").sum())
    problems = []
    if (hits := int(indices["verified_hits"].sum())) != manifest["verified_hits"]:
        problems.append(f"{hits:,} verified hits, the manifest says {manifest['verified_hits']:,}")
    for name, own in tables["remedies"].groupby("index", sort=False):
        row = indices[indices["index"] == name].iloc[0]
        searches = asked * int(own["asked"].max())
        least, most = searches, searches * config.search.size
        if not least <= row["verified_hits"] <= most:
            problems.append(f"{name}: {row['verified_hits']:,} hits of {searches:,} searches")
        if row["pictures"] != manifest["dataset"]["documents"]:
            problems.append(f"{name} has {row['pictures']:,} pictures")
        if not row["pictures"] <= row["documents"] <= row["pictures"] * int(own["stored"].max()):
            problems.append(f"{name} has {row['documents']:,} documents")
        if row["bytes_per_picture"] != row["store_bytes"] / row["pictures"]:
            problems.append(f"{name}: bytes a picture are not store over pictures")
    return agree(
        "the engine confirmed every list", problems, f"{len(indices)} indices, {hits:,} hits"
    )
