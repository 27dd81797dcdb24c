"""What indexing costs: bulk requests of the same documents, variants in alternation."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from bench.cost.percentiles import median_ratio
from bench.cost.settings import TIMED, Cost, Indexing
from bench.engine.client import Client, refresh
from bench.index.build import bulk_actions, create_index, delete_index, send_actions, with_paths
from bench.index.variant import Variant
from bench.signing.sign import Signed


def measure_indexing(
    client: Client,
    variants: Sequence[Variant],
    signed: Signed,
    settings: Cost,
    run: str,
    advance: Callable[[int], object] = lambda done: None,
) -> pd.DataFrame:
    """Time bulk requests into new indices, which are deleted afterwards.

    Signatures are encoded before the clock starts: what is timed is writing the documents as JSON,
    sending them, and indexing them, up to a refresh that makes them searchable. Each round sends
    one batch to every variant, which begin in turn. The first batch is not timed: it pays for the
    mapping.

    One row a variant and batch, the first variant first: ``variant``, ``batch`` (from 0),
    ``documents``, ``seconds``.
    """
    targets = [(client, variant) for variant in variants]
    table = time_batches(targets, signed, settings.indexing, run, advance)
    names = [variant.index_name for variant in variants]
    return table.assign(variant=[names[place] for place in table["variant"]])


def time_batches(
    targets: Sequence[tuple[Client, Variant]],
    signed: Signed,
    settings: Indexing,
    run: str,
    advance: Callable[[int], object] = lambda done: None,
) -> pd.DataFrame:
    """Time bulk requests as `measure_indexing` does, of variants on one engine or on several.

    The column ``variant`` is the target's place among the targets.
    """
    batches, size = settings.batches, settings.documents
    timed = [(on, replace(one, name=f"{one.index_name}{TIMED}")) for on, one in targets]
    documents = np.resize(signed.database, ((batches + 1) * size, signed.database.shape[1]))
    rows = []
    created: list[tuple[Client, str]] = []
    try:
        for client, variant in timed:
            create_index(client, variant, run)
            created.append((client, variant.index_name))
        for batch in range(batches + 1):
            turn = batch % len(timed)
            for place in np.roll(np.arange(len(timed)), -turn).tolist():
                client, variant = timed[place]
                first = batch * size
                own = with_paths(documents, first, first + size, signed.paths)
                prepared = list(bulk_actions(variant, own, first))
                index = variant.index_name
                begun = time.perf_counter()
                # Sent once: a pause before another attempt would be timed too.
                send_actions(client, index, prepared, attempts=1)
                refresh(client, index)
                seconds = time.perf_counter() - begun
                if batch:
                    rows.append((place, batch - 1, size, seconds))
                advance(1)
    finally:
        for client, index in created:  # and no other: one that exists may be of a run before
            delete_index(client, index, run)
    return pd.DataFrame(sorted(rows), columns=["variant", "batch", "documents", "seconds"])


def summarize_indexing(samples: pd.DataFrame, settings: Cost) -> pd.DataFrame:
    """Documents a second of each variant, and the ratio to the first.

    One row a variant: ``variant``, ``batches``, ``documents`` (in a batch),
    ``documents_per_second`` (median of the batches), ``ratio_to_first`` (how many times as fast as
    the first variant: of the medians), ``low``, ``high``.
    """
    rows = []
    by_variant = dict(iter(samples.groupby("variant", sort=False)))
    first = by_variant[samples["variant"].iloc[0]]
    for name, own in by_variant.items():
        speed, of_first = ((t["documents"] / t["seconds"]).to_numpy() for t in (own, first))
        ratio, low, high = median_ratio(speed, of_first, **settings.bootstrap())
        row = {"variant": name, "batches": len(own), "documents": int(own["documents"].iloc[0])}
        row |= {"documents_per_second": float(np.median(speed))}
        rows.append(row | {"ratio_to_first": ratio, "low": low, "high": high})
    return pd.DataFrame(rows)
