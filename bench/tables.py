"""Tidy tables of a run's measurements."""

import json
from collections.abc import Sequence

import numpy as np
import pandas as pd

from bench.build import VariantState
from bench.canonical import canonical_json
from bench.errors import RunError
from bench.sign import Signed
from bench.storage import Storage


def stored_storage(state: VariantState) -> Storage:
    """The storage of a variant that has been measured.

    Raises
    ------
    RunError
        If it has not: a table never has a row less than there are variants.
    """
    storage = state.storage
    if storage is None:
        raise RunError(f"the storage of {state.variant.index_name!r} was not measured; run again")
    return storage


def variants_table(states: Sequence[VariantState], signed: Signed) -> pd.DataFrame:
    """One row a variant: its parameters and its size on disk.

    Parameters
    ----------
    states : sequence of VariantState
        All variants, measured.
    signed : Signed
        The documents.

    Returns
    -------
    DataFrame
        ``stored_json_bytes`` is the mean length of the stored signature written as JSON, quotes or
        brackets included; ``source_bytes`` and ``signature_bytes`` what ``_source`` and the
        signature's own index structures take a document, by Elasticsearch's estimate;
        ``loaded_store_bytes`` the store before it was settled, for the record.
    """
    rows = []
    for state in states:
        variant, storage = state.variant, stored_storage(state)
        codec = variant.get_codec()
        stored = map(codec.to_json, codec.encode_batch(signed.database[:1000]))
        lengths = [
            len(json.dumps(form, separators=(",", ":"))) for form in stored if form is not None
        ]
        strip = str(variant.codec.get("strip", ""))
        rows.append(
            {
                "variant": variant.index_name,
                "N": variant.N,
                "k": variant.k,
                "codec": str(variant.codec["id"]),
                "strip": strip,
                "layout": variant.layout,
                "codec_label": _label(str(variant.codec["id"]), strip),
                "config": canonical_json(variant.canonical()),
                "documents": storage.size.documents,
                "store_bytes": storage.size.store_bytes,
                "bytes_per_document": storage.size.bytes_per_document,
                "stored_json_bytes": float(np.mean(lengths)) if lengths else 0.0,
                "source_bytes": _bytes_of(storage, "_source"),
                "signature_bytes": _bytes_of(storage, "signature"),
                "loaded_store_bytes": storage.loaded.store_bytes,
                "loaded_segments": storage.loaded.segments,
                "translog_bytes": storage.size.translog_bytes,
                "segments": storage.size.segments,
                "shards": storage.size.shards,
                "replicas": storage.size.replicas,
            }
        )
    return pd.DataFrame(rows)


def _bytes_of(storage: Storage, prefix: str) -> float:
    """Estimated bytes a document of the fields whose names begin so."""
    fields = storage.field_bytes.items()
    total = sum(sum(sizes.values()) for name, sizes in fields if name.startswith(prefix))
    return total / storage.size.documents


def _label(codec: str, strip: str) -> str:
    if codec == "none":
        return "not stored"
    return codec if strip in ("", "none") else f"{codec}, {strip}"


def fields_table(states: Sequence[VariantState]) -> pd.DataFrame:
    """One row a variant, field and Lucene structure: Elasticsearch's estimate of its bytes."""
    rows = [
        (state.variant.index_name, name, structure, size)
        for state in states
        for name, sizes in sorted(stored_storage(state).field_bytes.items())
        for structure, size in sorted(sizes.items())
    ]
    return pd.DataFrame(rows, columns=["variant", "field", "structure", "bytes"])


def candidates_table(states: Sequence[VariantState], signed: Signed) -> pd.DataFrame:
    """One row a variant, query and hit, with whether the hit is right."""
    parts = [state.results()[0].assign(variant=state.variant.index_name) for state in states]
    table = pd.concat(parts, ignore_index=True)
    table["relation"] = signed.relations(table["query"].to_numpy(), table["doc"].to_numpy())
    return table[["variant", "query", "rank", "doc", "score", "distance", "relation"]]


def timings_table(states: Sequence[VariantState]) -> pd.DataFrame:
    """One row a variant and query: service time and latency, in milliseconds."""
    parts = [state.results()[1].assign(variant=state.variant.index_name) for state in states]
    table = pd.concat(parts, ignore_index=True)
    return table[["variant", "query", "took_ms", "latency_ms"]]
