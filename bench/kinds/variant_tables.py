"""Tidy tables of a run's measurements."""

import json
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from bench.index.storage import Storage
from bench.kinds.variant_state import VariantState
from bench.runs.config_file import canonical_json
from bench.runs.errors import RunError
from bench.search.exact.word_distance import word_distances
from bench.search.verification import Verification
from bench.signing.sign import Signed
from imgsig.layouts import get_layout


def stored_storage(state: VariantState) -> Storage:
    """The storage of a variant that has been measured."""
    storage = state.storage
    if storage is None:
        raise RunError(f"the storage of {state.variant.index_name!r} was not measured; run again")
    return storage


def verified_hits(state: VariantState) -> int:
    """Number of hits of a variant that were compared with those computed without the engine."""
    return _verification(state).hits


def _verification(state: VariantState) -> Verification:
    verified = state.verification
    if verified is None:
        raise RunError(f"the hits of {state.variant.index_name!r} were not verified; run again")
    return verified


def variants_table(
    states: Sequence[VariantState], signed: Signed, ranks_as: Mapping[str, str]
) -> pd.DataFrame:
    """One row a variant: its parameters and its size on disk.

    Returns
    -------
    DataFrame
        ``ghost_bytes`` are copies of documents that were there right after loading and gone when
        settled; ``exact`` says whether hits had to be those of an exact engine, and
        ``engine_recall`` which share of these was returned. ``stored_json_bytes`` is the mean
        length of the stored signature written as JSON, quotes or brackets included;
        ``source_bytes`` and ``signature_bytes`` what ``_source`` and the signature's own index
        structures take a document, by Elasticsearch's estimate; ``loaded_store_bytes`` the store
        before it was settled, for the record.
    """
    rows = []
    for state in states:
        variant, storage = state.variant, stored_storage(state)
        verified = _verification(state)
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
                "signature_bytes": _bytes_of(storage, get_layout(variant.layout).signature.name),
                "loaded_store_bytes": storage.loaded.store_bytes,
                "ghost_bytes": storage.ghost_bytes,
                "loaded_segments": storage.loaded.segments,
                "translog_bytes": storage.size.translog_bytes,
                "segments": storage.size.segments,
                "shards": storage.size.shards,
                "replicas": storage.size.replicas,
                "verified_hits": verified.hits,
                "exact": verified.exact,
                "engine_recall": verified.recall,
                "ranks_as": ranks_as[variant.index_name],
            }
        )
    return pd.DataFrame(rows)


def _bytes_of(storage: Storage, field: str) -> float:
    """Estimated bytes a document of a field and its subfields."""
    fields = storage.field_bytes.items()
    total = sum(sum(sizes.values()) for name, sizes in fields if name.partition(".")[0] == field)
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
    """One row a variant, query and hit, with whether the hit is right.

    ``sign_distance`` is the distance by what the words hold, which an index without signatures can
    rank by too; NaN where nothing of words is indexed.
    """
    parts = [_candidates(state, signed) for state in states]
    table = pd.concat(parts, ignore_index=True)
    table["relation"] = signed.relations(table["query"].to_numpy(), table["doc"].to_numpy())
    columns = ["variant", "query", "rank", "doc", "score", "distance", "sign_distance", "relation"]
    return table[columns]


def _candidates(state: VariantState, signed: Signed) -> pd.DataFrame:
    variant, (candidates, _) = state.variant, state.results()
    distances = np.full(len(candidates), np.nan)
    if variant.counts_words:
        by_number = signed.queries["query"].to_numpy()
        order = np.argsort(by_number)
        rows = order[np.searchsorted(by_number[order], candidates["query"].to_numpy())]
        distances = word_distances(
            variant.scheme,
            signed.database,
            signed.query_signatures,
            rows,
            candidates["doc"].to_numpy(),
        )
    return candidates.assign(variant=variant.index_name, sign_distance=distances)


def timings_table(states: Sequence[VariantState]) -> pd.DataFrame:
    """One row a variant and query: service time and latency, in milliseconds."""
    parts = [state.results()[1].assign(variant=state.variant.index_name) for state in states]
    table = pd.concat(parts, ignore_index=True)
    return table[["variant", "query", "took_ms", "latency_ms"]]
