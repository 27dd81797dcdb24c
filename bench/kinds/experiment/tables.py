"""All tables of an experiment, from what was measured of its variants."""

import json
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from rich.progress import Progress

from bench.evaluate import EvaluationSettings, evaluate
from bench.evaluate.claims import CLAIMED_K, CLAIMED_N
from bench.evaluate.outputs import TABLES
from bench.index.storage import Storage
from bench.index.variant import Variant
from bench.kinds.experiment.config import Experiment
from bench.kinds.variant_state import VariantState
from bench.runs.config_file import canonical_json
from bench.search.exact.cut import cut_table
from bench.search.exact.word_distance import word_distances
from bench.search.verification import HIT, hits_digest
from bench.signing.sign import Signed
from imgsig.layouts import get_layout


def run_tables(
    experiment: Experiment, states: Sequence[VariantState], signed: Signed, progress: Progress
) -> dict[str, pd.DataFrame]:
    """Evaluate what was found, and put all of it into tables.

    Variants that return the same hits are evaluated once: ``candidates`` and ``comparisons`` have
    rows of the first of them only, which the column ``ranks_as`` of ``variants`` names.
    """
    candidates = candidates_table(states, signed)
    variants = [state.variant for state in states]
    largest = {variant.index_name: variant.largest_score for variant in variants}
    stands_for = representatives(candidates, largest)
    distinct = candidates[candidates["variant"].isin(stands_for.values())]
    representing = [one for one in variants if stands_for[one.index_name] == one.index_name]
    cut = cut_table(representing, distinct, signed, experiment.search.size)
    found = evaluation_tables(
        experiment,
        variants,
        stands_for,
        cut=cut,
        queries=signed.queries,
        candidates=distinct,
        n_documents=len(signed.database),
        progress=progress,
    )
    return {
        "variants": variants_table(states, signed, stands_for),
        "fields": fields_table(states),
        "documents": signed.documents,
        "queries": signed.queries,
        "candidates": distinct.reset_index(drop=True),
        "cut": cut,
        "timings": timings_table(states),
        **found,
    }


def evaluation_tables(
    experiment: Experiment,
    variants: Sequence[Variant],
    stands_for: Mapping[str, str],
    *,
    queries: pd.DataFrame,
    candidates: pd.DataFrame,
    cut: pd.DataFrame,
    n_documents: int,
    progress: Progress | None = None,
) -> dict[str, pd.DataFrame]:
    """Evaluate the hits of variants that differ, and say it of all."""
    largest = {variant.index_name: variant.largest_score for variant in variants}
    evaluation = evaluate(
        queries,
        candidates,
        {name: largest[name] for name in dict.fromkeys(stands_for.values())},
        evaluation_settings(experiment),
        progress,
        n_documents=n_documents,
        cut=cut,
        claims_of=[
            variant.index_name
            for variant in variants
            if _claims_apply(variant) and stands_for[variant.index_name] == variant.index_name
        ],
    )
    found = {name: getattr(evaluation, name) for name in TABLES}
    return {
        name: said_of_all(table, stands_for) if "variant" in table else table
        for name, table in found.items()
    }


def _claims_apply(variant: Variant) -> bool:
    """Whether people's claims about scores and distances are about such an index."""
    same_words = (variant.N, variant.k) == (CLAIMED_N, CLAIMED_K) and variant.scheme.is_reference
    return same_words and variant.counts_words and variant.stores_signature


def evaluation_settings(experiment: Experiment) -> EvaluationSettings:
    """Settings of the evaluation, from the sections ``search`` and ``evaluation``."""
    search = experiment.search
    cutoffs = search.model_dump(include={"score_cutoff", "distance_cutoff"})
    return experiment.evaluation.settings(search.size, **cutoffs)


def variants_table(
    states: Sequence[VariantState], signed: Signed, ranks_as: Mapping[str, str]
) -> pd.DataFrame:
    """One row a variant: its parameters and its size on disk.

    ``ghost_bytes`` are copies of documents that were there right after loading and gone when
    settled; ``exact`` says whether hits had to be those of an exact engine, and ``engine_recall``
    which share of these was returned. ``stored_json_bytes`` is the mean length of the stored
    signature written as JSON, quotes or brackets included; ``source_bytes`` and ``signature_bytes``
    what ``_source`` and the signature's own index structures take a document, by the engine's
    estimate, NaN where it does not tell them; ``loaded_store_bytes`` the store before it was
    settled, for the record.
    """
    rows = []
    for state in states:
        variant, storage, verified = state.variant, state.storage, state.verification
        codec = variant.get_codec()
        stored = map(codec.to_json, codec.encode_batch(signed.database[:1000]))
        lengths = [
            len(json.dumps(form, separators=(",", ":"))) for form in stored if form is not None
        ]
        rows.append(
            {
                **config_columns(variant),
                "documents": storage.size.documents,
                "store_bytes": storage.size.store_bytes,
                "bytes_per_document": storage.size.bytes_per_document,
                "stored_json_bytes": float(np.mean(lengths)) if lengths else 0.0,
                "source_bytes": _bytes_of(storage, "_source"),
                "signature_bytes": _bytes_of(storage, get_layout(variant.layout).signature.name),
                "loaded_store_bytes": storage.loaded.store_bytes,
                "ghost_bytes": np.nan if storage.ghost_bytes is None else storage.ghost_bytes,
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


def config_columns(variant: Variant) -> dict[str, object]:
    """Columns of `variants_table` that follow from the config."""
    codec, strip = str(variant.codec["id"]), str(variant.codec.get("strip", ""))
    return {
        "variant": variant.index_name,
        "N": variant.N,
        "k": variant.k,
        "codec": codec,
        "strip": strip,
        "layout": variant.layout,
        "codec_label": _label(codec, strip),
        "config": canonical_json(variant.canonical()),
    }


def _bytes_of(storage: Storage, field: str) -> float:
    """Estimated bytes a document of a field and its subfields; NaN where they are not told."""
    if storage.field_bytes is None:
        return np.nan
    fields = storage.field_bytes.items()
    total = sum(sum(sizes.values()) for name, sizes in fields if name.partition(".")[0] == field)
    return total / storage.size.documents


def _label(codec: str, strip: str) -> str:
    if codec == "none":
        return "not stored"
    return codec if strip in ("", "none") else f"{codec}, {strip}"


def fields_table(states: Sequence[VariantState]) -> pd.DataFrame:
    """One row a variant, field and Lucene structure: the engine's estimate of its bytes.

    Variants whose bytes by field it does not tell have no rows.
    """
    rows = [
        (state.variant.index_name, name, structure, size)
        for state in states
        for name, sizes in sorted((state.storage.field_bytes or {}).items())
        for structure, size in sorted(sizes.items())
    ]
    table = pd.DataFrame(rows, columns=["variant", "field", "structure", "bytes"])
    return table.astype({"bytes": np.int64})


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
        signatures, docs = (signed.database, signed.query_signatures), candidates["doc"].to_numpy()
        distances = word_distances(variant.scheme, *signatures, rows, docs)
    return candidates.assign(variant=variant.index_name, sign_distance=distances)


def timings_table(states: Sequence[VariantState]) -> pd.DataFrame:
    """One row a variant and query: service time and latency, in milliseconds."""
    parts = [state.results()[1].assign(variant=state.variant.index_name) for state in states]
    table = pd.concat(parts, ignore_index=True)
    return table[["variant", "query", "took_ms", "latency_ms"]]


#: Columns of the candidates in which variants must not differ.
_COLUMNS = (*HIT, "distance", "sign_distance")


def representatives(candidates: pd.DataFrame, variants: Mapping[str, int]) -> dict[str, str]:
    """Find the variant that stands for each."""
    first: dict[tuple[int, str], str] = {}
    found = {}
    by_variant = dict(iter(candidates.groupby("variant", sort=False)))
    none = candidates.iloc[:0]
    for variant, largest in variants.items():
        rows = by_variant.get(variant, none)
        found[variant] = first.setdefault((largest, hits_digest(rows, _COLUMNS)), variant)
    return found


def said_of_all(table: pd.DataFrame, representative: Mapping[str, str]) -> pd.DataFrame:
    """Repeat the rows of representatives for the variants that they stand for."""
    parts = dict(iter(table.groupby("variant", sort=False)))
    repeated = [
        parts[stands].assign(variant=variant)
        for variant, stands in representative.items()
        if stands in parts
    ]
    if not repeated:
        return table
    return pd.concat(repeated, ignore_index=True).astype({"variant": table["variant"].dtype})
