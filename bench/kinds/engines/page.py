"""The page of an engine run: which engine is smallest and fastest, and finds the same."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from bench.engine.catalog import engine_title
from bench.kinds.engines.tables import ALL
from bench.report.finding import listed
from bench.report.page import Listing
from bench.report.rounding import between, confidence, rounded
from bench.runs.folder import RunFolder
from imgsig.layouts import get_layout

#: Bytes a document below which a copy kept for recovery is a trace: a length, not a document.
_TRACE = 20


def engine_verdict(folder: RunFolder) -> list[str]:
    """What an engine run says, in sentences."""
    indices, sizes = folder.table("indices"), folder.table("sizes")
    told = [_smallest(sizes), *_spread(sizes), *_ghosts(indices, sizes)]
    if (folder.path / "speed.parquet").is_file():
        told += [*_hits(indices, folder.table("hits"), folder.table("differing"))]
        sure = confidence(folder.config()["bootstrap"])
        told += _speeds(indices, folder.table("speed"), sure)
    return [*told, *_lacking(indices)]


def _smallest(sizes: pd.DataFrame) -> str:
    """Which index is smallest, and on which engine; and of those that every engine holds."""
    ordered = sizes.sort_values("settled", kind="stable")
    best = ordered.iloc[0]
    everywhere = ordered.groupby("variant")["settled"].transform(lambda own: own.notna().all())
    said = f"The smallest index is {_where(best)} bytes a document once settled"
    if not everywhere.iloc[0] and everywhere.any():
        said += f"; of those that every engine holds, {_where(ordered[everywhere].iloc[0])}"
    return f"{said}."


def _where(row: "pd.Series[Any]") -> str:
    return f"{row['variant']} on {row['engine']}, {rounded(row['settled'], ',.0f')}"


def _spread(sizes: pd.DataFrame) -> list[str]:
    """How far the engines lie apart."""
    by_variant = sizes.dropna(subset=["settled"]).groupby("variant", sort=False)["settled"]
    spread = (by_variant.max() / by_variant.min() - 1).where(by_variant.count() > 1).dropna()
    if spread.empty:
        return []
    most, least = str(spread.idxmax()), str(spread.idxmin())
    own = sizes[sizes["variant"] == most].set_index("engine")["settled"]
    return [
        f"The same index differs by {rounded(spread[least], '.1%')} ({least}) to "
        f"{rounded(spread[most], '.1%')} ({most}: {rounded(own.min(), ',.0f')} bytes on "
        f"{own.idxmin()}, {rounded(own.max(), ',.0f')} on {own.idxmax()}) between the engines."
    ]


def _ghosts(indices: pd.DataFrame, sizes: pd.DataFrame) -> list[str]:
    """Whether copies are kept for recovery, of each engine that tells; what the others shed."""
    by_words: dict[str, list[str]] = {}
    for engine, own in sizes.dropna(subset=["ghost_loaded"]).groupby("engine", sort=False):
        with_copy = own[own["ghost_loaded"] >= _TRACE]
        left = [v for v in own["variant"] if v not in set(with_copy["variant"])]
        words = "none"
        if len(with_copy):
            pairs = zip(with_copy["variant"], with_copy["ghost_loaded"], strict=True)
            words = ", ".join(f"{variant} {rounded(size, ',.0f')}" for variant, size in pairs)
            words += " bytes a document"
        trace = own.loc[own["variant"].isin(left) & (own["ghost_loaded"] > 0)]
        if len(trace):
            words += f" (and traces in {', '.join(trace['variant'])})"
        by_words.setdefault(words, []).append(str(engine))
    said = [
        f"Copies kept for recovery right after loading, on {listed(engines)}: {words}."
        for words, engines in by_words.items()
    ]
    settled = sizes["ghost_settled"].dropna()
    if len(settled) and not settled.any():
        said.append("Once settled, none of them has any left.")
    dumb = indices.loc[(indices["lacks"] == "") & ~indices["tells_fields"], "engine"].unique()
    if len(dumb):
        own = sizes[sizes["engine"].isin(dumb)].dropna(subset=["shed"])
        shed = [
            f"{variant} {_range(part['shed'])}"
            for variant, part in own.groupby("variant", sort=False)
        ]
        said.append(
            f"{listed(dumb)} do{'' if len(dumb) > 1 else 'es'} not tell bytes by field, so "
            "what is a copy is not known; settling takes off, by copies and merging together: "
            f"{', '.join(shed)} bytes a document."
        )
    return said


def _range(values: "pd.Series[float]") -> str:
    ends = rounded(values.min(), ",.0f"), rounded(values.max(), ",.0f")
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _hits(indices: pd.DataFrame, hits: pd.DataFrame, differing: pd.DataFrame) -> list[str]:
    """Whether hits and scores are those of the first engine, and what is not."""
    first = indices["engine"].iloc[0]
    wrong = hits[hits["differing_hits"] > 0]
    queries = int(indices["queries"].iloc[0])
    if wrong.empty:
        return [
            f"Hits and scores are the same everywhere: {hits['hits'].sum():,} hits of "
            f"{queries:,} queries to each index are, document by document, equal scores in the "
            f"same order, those of {first}."
        ]
    said = [
        f"{row['variant']} on {row['engine']} has other hits than on {first}: "
        f"{row['differing_queries']:,} of {row['queries']:,} queries and "
        f"{row['differing_hits']:,} of {row['hits']:,} hits differ ({_what(row)})."
        for row in wrong.to_dict("records")
    ]
    if right := len(hits) - len(wrong):
        others = "one other comparison" if right == 1 else f"other {right:,} comparisons"
        said.append(f"In the {others} hits, scores and order are the same.")
    return said


def _what(row: Mapping[Any, Any]) -> str:
    kinds = {
        "other_score": "by score",
        "other_order": "by the order of equal scores",
        "other_choice": "by which documents of the last score are among them",
        "only_one": "are there on one engine alone",
    }
    return ", ".join(f"{row[kind]:,} {said}" for kind, said in kinds.items() if row[kind])


def _speeds(indices: pd.DataFrame, speed: pd.DataFrame, sure: str) -> list[str]:
    """How much faster or slower each other engine is, over all indices that both hold."""
    first = indices["engine"].iloc[0]
    said = []
    for engine, own in speed.groupby("engine", sort=False):
        rows = own[own["variant"] == ALL]
        chosen = (rows if len(rows) else own).to_dict("records")
        searches, loads = (
            next(_faster(row, sure) for row in chosen if row["measure"] == measure)
            for measure in ("search", "bulk")
        )
        said.append(f"{engine} beside {first}: searching is {searches}; loading is {loads}.")
    return said


def _faster(row: Mapping[Any, Any], sure: str) -> str:
    ends = f"{sure} interval {between(row['low'], row['high'], '.2f')}"
    value = f"{rounded(row['times_as_fast'], '.2f')} times as fast ({ends})"
    if row["low"] > 1:
        return f"faster, {value}"
    if row["high"] < 1:
        return f"slower, {value}"
    return f"neither faster nor slower for certain, {value}"


def _lacking(indices: pd.DataFrame) -> list[str]:
    """What is not to be had where."""
    lacking = indices[indices["lacks"] != ""]
    return [
        f"{variant} is not to be had on {listed(own['engine'])}: no {lacks}."
        for (variant, lacks), own in lacking.groupby(["variant", "lacks"], sort=False)
    ]


def engine_listings(folder: RunFolder, manifest: Mapping[str, Any]) -> list[Listing]:
    """The tables of the page."""
    indices, sizes = folder.table("indices"), folder.table("sizes")
    first, heap = indices["engine"].iloc[0], manifest["config"]["engine"]["heap"]
    listings = [
        Listing(
            "Bytes a document, settled",
            "The store once every lease has passed and all is merged into one segment. A dash: the "
            "engine cannot hold that index, see above.",
            _beside(sizes, "settled"),
        ),
        Listing(
            "Copies kept for recovery, right after loading",
            "Bytes a document of _recovery_source, by the engine's own estimate. A dash: not told.",
            _beside(sizes, "ghost_loaded"),
        ),
        Listing(
            "What settling takes off the store",
            "Bytes a document right after loading, less those once settled: copies kept for "
            "recovery, and whatever else the final merge saves or adds (below 0).",
            _beside(sizes, "shed"),
        ),
    ]
    fields = folder.table("fields")
    if len(fields):
        listings.append(
            Listing(
                "Where the settled bytes are",
                "Bytes a document by Lucene structure, as the engine estimates them; engines that "
                "tell none are left out.",
                _structures(fields, int(indices["documents"].iloc[0])),
            )
        )
    if (folder.path / "speed.parquet").is_file():
        listings += [
            Listing(
                f"Hits that are not those of {first}",
                f"{_computed(indices)} Others are compared place by place: another score; the same "
                "score but another document, so another order of equal scores; the same where one "
                "of the two documents is among no hits of the other's, as at a query's last score, "
                "of which only some are returned; a hit that only one of the two has.",
                folder.table("hits"),
            ),
            Listing(
                f"How fast, beside {first}",
                f"{first} and the other engine ran at the same time, both just started and with "
                f"{heap} of heap, and were sent each search and each bulk request in turn. First "
                "and own: milliseconds of the median search by the client's clock, documents a "
                "second of the median bulk request; took is the engine's own clock, in whole "
                "milliseconds. Each engine is spoken to by its own client, and Elasticsearch asks "
                "for a password, which OpenSearch here does not. Intervals are of the samples of "
                "one pair of servers: another start may differ by more.",
                folder.table("speed"),
            ),
        ]
    return [*listings, Listing("The engines", "As they say themselves.", _engines(manifest))]


def _computed(indices: pd.DataFrame) -> str:
    """In what the hits of the first engine are those computed without one."""
    first = indices["engine"].iloc[0]
    own = indices[indices["engine"] == first]
    graphs = [not get_layout(layout).matcher.exact for layout in own["layout"]]
    said = f"The hits of {first} are those computed without an engine"
    if not any(graphs):
        return f"{said}."
    return (
        f"{said}, but for {listed(own.loc[graphs, 'variant'])}: a graph may miss documents, and of "
        "those that it finds, order and scores are as computed."
    )


def _beside(sizes: pd.DataFrame, value: str) -> pd.DataFrame:
    """A row a variant, a column an engine; columns that are engines by name keep their order."""
    table = sizes.pivot_table(
        index="variant", columns="engine", values=value, sort=False, dropna=False
    )
    table = table.reindex(
        index=list(dict.fromkeys(sizes["variant"])), columns=list(dict.fromkeys(sizes["engine"]))
    )
    return table.round(1).rename_axis(columns=None).reset_index()


def _structures(fields: pd.DataFrame, documents: int) -> pd.DataFrame:
    settled = fields[fields["moment"] == "settled"]
    names = ["engine", "variant", "structure"]
    how: Any = {"aggfunc": "sum", "fill_value": 0, "sort": False}
    sums = settled.pivot_table(index=names[:2], columns=names[2], values="bytes", **how)
    return (sums / documents).round(1).rename_axis(columns=None).reset_index()


def _engines(manifest: Mapping[str, Any]) -> pd.DataFrame:
    rows = [
        {
            "engine": engine_title(one),
            "Lucene": one["lucene"] or "not told",
            "Java": one["jvm"],
            "heap_MB": round(one["heap_max_bytes"] / 2**20),
            "build": one["build_hash"][:10],
        }
        for one in manifest["engines"]
    ]
    return pd.DataFrame(rows)
