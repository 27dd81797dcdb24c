"""Where the time goes between a file and an index: decode, signature, encode, bulk."""

import time
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from elasticsearch import Elasticsearch
from numpy.typing import NDArray

from bench.index.build import (
    CHUNK,
    bulk_actions,
    create_index,
    delete_index,
    send_actions,
    with_paths,
)
from bench.index.variant import Variant
from bench.kinds.speed.ratios import by_file

#: Tools of `peers.worker`: decoding as far as a signature decodes, and the whole of it.
SIGNING = {"exact": ("levels", "exact"), "fast": ("levels, fast", "fast")}


def time_documents(
    client: Elasticsearch,
    variants: Sequence[Variant],
    signatures: NDArray[np.int8],
    batches: int,
    run: str,
    advance: Callable[[int], object] = lambda done: None,
) -> pd.DataFrame:
    """Time how documents are made of signatures, and how they are sent and indexed.

    Each round makes and sends `bench.index.build.CHUNK` documents of every variant, which begin in
    turn. The first round is off the record: it pays for the mapping.

    Parameters
    ----------
    signatures : ndarray
        ``int8[m, length]``; taken again from the beginning where they are too few.

    Returns
    -------
    DataFrame
        One row a request and stage: ``variant``, ``batch``, ``stage`` (``encode``: words, codec and
        document; ``bulk``: JSON, request and indexing), ``documents``, ``seconds``.
    """
    documents = np.resize(signatures, ((batches + 1) * CHUNK, signatures.shape[1]))
    rows = []
    created: list[str] = []
    try:
        for variant in variants:
            create_index(client, variant, run)
            created.append(variant.index_name)
        for batch in range(batches + 1):
            first = batch * CHUNK
            for place in range(len(variants)):
                variant = variants[(place + batch) % len(variants)]
                begun = time.perf_counter()
                own = with_paths(documents, first, first + CHUNK)
                actions = list(bulk_actions(variant, own, first))
                encoded = time.perf_counter()
                # Sent once: a pause before another attempt would be timed too.
                send_actions(client, variant.index_name, actions, attempts=1)
                sent = time.perf_counter()
                if batch:
                    for stage, spent in (("encode", encoded - begun), ("bulk", sent - encoded)):
                        rows.append((variant.index_name, batch - 1, stage, CHUNK, spent))
                advance(1)
    finally:
        for index in created:
            delete_index(client, index, run)
    return pd.DataFrame(rows, columns=["variant", "batch", "stage", "documents", "seconds"])


def summarize_stages(signing: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Seconds that 1,000 images take in each stage, one after the other on one core.

    Returns
    -------
    DataFrame
        One row a variant, mode and stage: ``variant``, ``decode_mode``, ``stage`` (``decode``,
        ``signature``, ``encode``, ``bulk``), ``seconds`` for 1,000 images: for a file the median of
        its repetitions, for a request that of all requests; the mean over the files.
    """
    means = {
        tool: float(np.median(by_file(signing, tool), axis=1).mean())
        for tools in SIGNING.values()
        for tool in tools
    }
    each = documents.assign(seconds=documents["seconds"] / documents["documents"])
    of_documents = each.groupby(["variant", "stage"], sort=False)["seconds"].median()
    rows = []
    for variant in documents["variant"].unique():
        for mode, (levels, whole) in SIGNING.items():
            stages = {
                "decode": means[levels],
                "signature": means[whole] - means[levels],
                "encode": float(of_documents[variant, "encode"]),
                "bulk": float(of_documents[variant, "bulk"]),
            }
            rows += [(variant, mode, stage, 1000 * value) for stage, value in stages.items()]
    return pd.DataFrame(rows, columns=["variant", "decode_mode", "stage", "seconds"])
