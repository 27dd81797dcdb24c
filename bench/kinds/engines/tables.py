"""Tables of an engine run: what was measured, and what follows from it.

``indices`` has a row an engine and variant: ``engine``, ``variant``, ``layout``, ``codec``,
``lacks`` (what the engine lacks for it, empty where it holds it; then all else is missing),
``documents``, ``queries``, ``store_bytes`` settled, ``loaded_store_bytes`` right after loading,
``segments`` and ``loaded_segments``, ``lease_wait_seconds``, ``merge_seconds``, ``tells_fields``
(whether the engine tells bytes by field), ``hits`` and the SHA-256 of their columns `HIT`.

``fields`` has the engine's estimate of the bytes of each field and structure, ``moment`` being
``loaded`` or ``settled``. ``candidates`` are the hits of the first engine, ``differing`` those
places of a query's hits where another engine has something else: ``doc`` and ``score``, and
``doc_first`` and ``score_first``, `NOTHING` where there is no hit. ``search_samples`` and
``index_samples`` are the times of each ``engine`` beside the first, ``measured`` being one of the
two.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.evaluate.bootstrap import percentile_interval
from bench.index.storage import GHOST, Storage
from bench.kinds.engines.part import TIMED, EnginePart
from bench.kinds.sections import Resampling
from bench.runs.check import Check, agree
from bench.search.verification import HIT, hits_digest

#: Document and score where there is no hit.
NOTHING = -1
#: Tables of times, by the name of their file.
SAMPLES = dict(zip(TIMED, ("search_samples", "index_samples"), strict=True))
#: Stands for all variants together.
ALL = "all"


def measured_tables(
    parts: Sequence[EnginePart], documents: int, queries: int
) -> dict[str, pd.DataFrame]:
    """What was measured on every engine, the first of them the one that others are compared with.

    Times are there where there is more than one engine.
    """
    first, *others = parts
    candidates = {state.variant.index_name: _hits(state.folder) for state in first.states}
    differing = [
        differing_hits(candidates[state.variant.index_name], _hits(state.folder)).assign(
            engine=part.title, variant=state.variant.index_name
        )
        for part in others
        for state in part.states
    ]
    tables = {
        "indices": _indices(parts, documents, queries),
        "fields": _fields(parts),
        "candidates": _named(candidates),
    }
    if others:
        tables["differing"] = _first_columns(pd.concat(differing, ignore_index=True))
        for what, name in SAMPLES.items():
            samples = [
                pd.read_parquet(part.timed_path(state.variant, what)).assign(
                    engine=part.title, variant=state.variant.index_name
                )
                for part in others
                for state in part.states
            ]
            tables[name] = _first_columns(pd.concat(samples, ignore_index=True))
    return tables


def _hits(folder: Path) -> pd.DataFrame:
    hits = pd.read_parquet(folder / "candidates.parquet", columns=HIT)
    return hits.sort_values(HIT[:2], ignore_index=True)


def _named(by_variant: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    named = [hits.assign(variant=name) for name, hits in by_variant.items()]
    return pd.concat(named, ignore_index=True)[["variant", *HIT]]


def _first_columns(table: pd.DataFrame) -> pd.DataFrame:
    named = ["engine", "variant"]
    return table[named + [column for column in table if column not in named]]


def differing_hits(first: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """The places of each query's hits where two engines have not the same."""
    both = own.merge(first, on=HIT[:2], how="outer", suffixes=("", "_first"), sort=True)
    both = both.fillna(NOTHING).astype(np.int64)
    same = (both["doc"] == both["doc_first"]) & (both["score"] == both["score_first"])
    return both[~same].reset_index(drop=True)


def _indices(parts: Sequence[EnginePart], documents: int, queries: int) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for part in parts:
        states = {state.variant.index_name: state for state in part.states}
        lacks = part.lacks or {}
        for variant in part.variants:
            name = variant.index_name
            row = {
                "engine": part.title,
                "variant": name,
                "layout": variant.layout,
                "codec": str(variant.codec["id"]),
                "lacks": lacks.get(name, ""),
                "documents": documents,
                "queries": queries,
            }
            if name in states:
                row |= _measured(states[name].storage, _hits(states[name].folder))
            rows.append(row)
    told = {"tells_fields": False, "hits_sha256": ""}
    return pd.DataFrame(rows).fillna(told).astype({"tells_fields": np.bool_})


def _measured(storage: Storage, hits: pd.DataFrame) -> dict[str, Any]:
    waited = storage.lease_wait_seconds
    return {
        "store_bytes": float(storage.size.store_bytes),
        "loaded_store_bytes": float(storage.loaded.store_bytes),
        "segments": float(storage.size.segments),
        "loaded_segments": float(storage.loaded.segments),
        "lease_wait_seconds": np.nan if waited is None else waited,
        "merge_seconds": storage.merge_seconds,
        "tells_fields": storage.field_bytes is not None,
        "hits": float(len(hits)),
        "hits_sha256": hits_digest(hits, HIT),
    }


def _fields(parts: Sequence[EnginePart]) -> pd.DataFrame:
    rows = [
        (part.title, state.variant.index_name, moment, field, structure, size)
        for part in parts
        for state in part.states
        for moment, fields in (
            ("loaded", state.storage.loaded_field_bytes),
            ("settled", state.storage.field_bytes),
        )
        for field, structures in sorted((fields or {}).items())
        for structure, size in sorted(structures.items())
    ]
    columns = ["engine", "variant", "moment", "field", "structure", "bytes"]
    return pd.DataFrame(rows, columns=columns).astype({"bytes": np.int64})


def summaries(raw: Mapping[str, pd.DataFrame], settings: Resampling) -> dict[str, pd.DataFrame]:
    """The tables that follow from what was measured."""
    tables = {"sizes": sizes_table(raw["indices"], raw["fields"])}
    if "differing" in raw:
        tables["hits"] = hits_table(raw["indices"], raw["differing"])
        tables["speed"] = speed_table(raw["search_samples"], raw["index_samples"], settings)
    return tables


def sizes_table(indices: pd.DataFrame, fields: pd.DataFrame) -> pd.DataFrame:
    """Bytes a document of each engine and variant.

    ``settled`` and ``loaded`` are of the store, ``shed`` is the difference, whatever it was;
    ``ghost_loaded`` and ``ghost_settled`` are copies kept for recovery, by the engine's own
    estimate, and missing where it makes none. ``ratio_to_first`` is of the settled bytes.
    """
    keys = ["engine", "variant"]
    documents = indices["documents"]
    table = indices[keys].assign(
        settled=indices["store_bytes"] / documents,
        loaded=indices["loaded_store_bytes"] / documents,
    )
    table["shed"] = table["loaded"] - table["settled"]
    ghosts = fields[fields["field"] == GHOST].groupby(["moment", *keys])["bytes"].sum()
    for moment in ("loaded", "settled"):
        at = pd.MultiIndex.from_arrays([[moment] * len(indices), *(indices[key] for key in keys)])
        own = ghosts.reindex(at, fill_value=0).to_numpy() / documents
        table[f"ghost_{moment}"] = own.where(indices["tells_fields"])
    of_first = table[table["engine"] == table["engine"].iloc[0]].set_index("variant")["settled"]
    return table.assign(ratio_to_first=table["settled"] / table["variant"].map(of_first))


def _left_out(differing: pd.DataFrame) -> "pd.Series[bool]":
    """Whether one of the two documents at a place is among no hits of the other's.

    What one list has at the places where they differ, and the other has too, the other has at such
    a place as well: all other places are equal.
    """
    keys = ["engine", "variant", "query"]
    mine = pd.MultiIndex.from_frame(differing[[*keys, "doc"]])
    first = pd.MultiIndex.from_frame(differing[[*keys, "doc_first"]])
    return pd.Series(~mine.isin(first) | ~first.isin(mine), index=differing.index)


def hits_table(indices: pd.DataFrame, differing: pd.DataFrame) -> pd.DataFrame:
    """How many hits of each other engine and variant are not the first engine's.

    ``differing_queries`` and ``differing_hits`` count them; of the latter ``other_score`` have
    another score at the same place, ``other_order`` the same score and another document,
    ``other_choice`` the same where one of the two documents is not among the other's hits: of the
    last score some are left out. ``only_one`` are hits that only one of the two has.
    """
    left_out = _left_out(differing)
    missing = (differing["doc"] == NOTHING) | (differing["doc_first"] == NOTHING)
    scored = differing["score"] != differing["score_first"]
    told = differing.assign(
        only_one=missing,
        other_score=scored & ~missing,
        other_order=~scored & ~missing & ~left_out,
        other_choice=~scored & ~missing & left_out,
    )
    rows = []
    others = indices[indices["engine"] != indices["engine"].iloc[0]]
    for row in others[others["lacks"] == ""].to_dict("records"):
        own = told[(told["engine"] == row["engine"]) & (told["variant"] == row["variant"])]
        counts = {"queries": row["queries"], "hits": int(row["hits"])}
        counts |= {"differing_queries": own["query"].nunique(), "differing_hits": len(own)}
        kinds = ("other_score", "other_order", "other_choice", "only_one")
        counts |= {kind: int(own[kind].sum()) for kind in kinds}
        rows.append({"engine": row["engine"], "variant": row["variant"]} | counts)
    return pd.DataFrame(rows)


def speed_table(
    searches: pd.DataFrame, batches: pd.DataFrame, settings: Resampling
) -> pd.DataFrame:
    """How many times as fast as the first engine each other is, at searching and at loading.

    One row an engine, ``measure`` (``search`` or ``bulk``) and variant, and one of `ALL`: ``n``
    times of each, ``first`` and ``own`` (milliseconds of the median search by the client's clock,
    documents a second of the median bulk request), ``first_took_ms`` and ``own_took_ms`` (the
    engine's own clock, whole milliseconds), ``times_as_fast``, ``low``, ``high``.
    """
    rate = batches["documents"] / batches["seconds"]
    samples = {
        "search": searches.assign(value=searches["latency_ms"]),
        "bulk": batches.assign(value=rate),
    }
    rows = []
    for measure, table in samples.items():
        for engine, of_engine in table.groupby("engine", sort=False):
            pairs = []
            for variant, own in of_engine.groupby("variant", sort=False):
                of_own, of_first = (
                    own[(own["measured"] == engine) == here] for here in (True, False)
                )
                values = [part["value"].to_numpy() for part in (of_own, of_first)]
                row = {"engine": engine, "measure": measure, "variant": variant, "n": len(of_own)}
                row |= {"first": float(np.median(values[1])), "own": float(np.median(values[0]))}
                if measure == "search":
                    row["first_took_ms"] = float(of_first["took_ms"].median())
                    row["own_took_ms"] = float(of_own["took_ms"].median())
                    values.reverse()  # of times, the longer is the slower
                pairs.append((values[0], values[1]))
                rows.append(row | mean_ratio(pairs[-1:], settings))
            if len(pairs) > 1:
                row = {"engine": engine, "measure": measure, "variant": ALL, "n": rows[-1]["n"]}
                rows.append(row | mean_ratio(pairs, settings))
    return pd.DataFrame(rows)


def mean_ratio(
    pairs: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]], settings: Resampling
) -> dict[str, float]:
    """Geometric mean of the ratios of medians, with the interval of a bootstrap that draws pairs.

    Values of equal place were measured one after the other.
    """
    rng = np.random.default_rng(settings.seed)
    value, drawn = 0.0, np.zeros(settings.resamples)
    for above, below in pairs:
        at = rng.integers(0, len(above), (settings.resamples, len(above)))
        value += np.log(np.median(above) / np.median(below)) / len(pairs)
        medians = np.median(above[at], axis=1) / np.median(below[at], axis=1)
        drawn += np.log(medians) / len(pairs)
    low, high = percentile_interval(np.exp(drawn), settings.confidence)
    return {"times_as_fast": float(np.exp(value)), "low": low, "high": high}


def check_hits(tables: Mapping[str, pd.DataFrame]) -> Check:
    """Whether the hits of every engine come out of the first one's and of what differs."""
    indices, candidates = tables["indices"], tables["candidates"]
    problems = []
    for row in indices[indices["lacks"] == ""].to_dict("records"):
        hits = candidates.loc[candidates["variant"] == row["variant"], HIT]
        if row["engine"] != indices["engine"].iloc[0]:
            differing = tables["differing"]
            own = (differing["engine"] == row["engine"]) & (differing["variant"] == row["variant"])
            hits = _put_in(hits, differing[own])
        if hits_digest(hits, HIT) != row["hits_sha256"] or len(hits) != row["hits"]:
            problems.append(f"{row['variant']} on {row['engine']} had other hits")
    found = f"{indices['hits'].sum():,.0f} hits, SHA-256 as measured"
    return agree("hits are the first engine's and what differs", problems, found)


def _put_in(first: pd.DataFrame, differing: pd.DataFrame) -> pd.DataFrame:
    """The hits of another engine, with the types of the first one's."""
    places = pd.MultiIndex.from_frame(differing[HIT[:2]])
    same = first[~pd.MultiIndex.from_frame(first[HIT[:2]]).isin(places)]
    own = differing.loc[differing["doc"] != NOTHING, HIT]
    hits = pd.concat([same, own.astype(first.dtypes.to_dict())])
    return hits.sort_values(HIT[:2], ignore_index=True)
