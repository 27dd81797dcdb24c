"""Which indices are worth it at each size: none that finds as much is both smaller and faster."""

from typing import Any

import numpy as np
import pandas as pd

from bench.cost.searching import at_base
from bench.evaluate.bootstrap import draw_groups, percentile_interval
from bench.report.axes import where
from bench.report.rounding import between, rounded
from bench.runs.folder import RunFolder

#: How the difference to the first index is resampled.
_RESAMPLES, _SEED, _CONFIDENCE = 10_000, 0, 0.95


def by_client(cost: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``search_cost`` at the base, by the client's clock: one a size and variant."""
    return where(at_base(cost), clock="latency")


def winners(folder: RunFolder) -> pd.DataFrame:
    """At each size what an index takes and finds, and whether it is worth it.

    One row a size and variant: ``bytes_per_document``, ``p50`` in milliseconds, ``ratio_to_first``
    of the medians; ``found``, how many of the ``answerable`` queries have a right answer among
    their hits, and ``difference`` of that share to the first index's with ``low`` and ``high``,
    paired, whole scenes resampled. An index that is shown to find less is not ``worth_it``, and
    neither is one that another beats in bytes and milliseconds.
    """
    sizes = where(folder.table("sizes"), origin="collection")
    columns = ["documents", "variant", "p50", "ratio_to_first"]
    rows = by_client(folder.table("search_cost"))[columns]
    keys = ["documents", "variant"]
    rows = rows.merge(sizes[[*keys, "bytes_per_document"]], on=keys)
    groups = folder.table("queries").set_index("query")["group"]
    rows = rows.merge(found_beside_first(folder.table("search_samples"), groups), on=keys)
    rows["worth_it"] = False
    for _, own in rows.groupby("documents"):
        rows.loc[own.index, "worth_it"] = _worth_it(own)
    return rows


def found_beside_first(samples: pd.DataFrame, groups: "pd.Series[Any]") -> pd.DataFrame:
    """How many right answers each index holds at each size, beside the first one's.

    Of ``search_samples`` at the base; `groups` has the scene of each query.
    """
    samples = at_base(samples)
    samples = samples[samples["has_answer"]].drop_duplicates(["documents", "variant", "query"])
    rows = []
    for documents, own in samples.groupby("documents", sort=False):
        by_query = own.astype({"found": np.float64}).set_index(["query", "variant"])
        found = by_query["found"].unstack()  # noqa: PD010 - one value each, nothing to aggregate
        codes, scenes = pd.factorize(groups.loc[found.index])
        cases = np.bincount(codes)
        drawn = draw_groups(len(scenes), _RESAMPLES, _SEED)
        names = own["variant"].unique()
        for name in names:
            more = found[name] - found[names[0]]
            samples_of = (drawn @ np.bincount(codes, weights=more)) / (drawn @ cases)
            low, high = percentile_interval(samples_of, _CONFIDENCE)
            count = int(found[name].sum())
            rows.append((documents, name, count, len(found), more.mean(), low, high))
    columns = ["documents", "variant", "found", "answerable", "difference", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def _worth_it(own: pd.DataFrame) -> list[bool]:
    """Of the indices of one size, which no other that finds as much beats in both."""
    able = own["high"] >= 0
    taken = own[["bytes_per_document", "p50"]].to_numpy()
    return [
        bool(able.iloc[row])
        and not any(
            (other <= taken[row]).all() and (other < taken[row]).any() for other in taken[able]
        )
        for row in range(len(own))
    ]


def winner_sentences(table: pd.DataFrame) -> list[str]:
    """A sentence a size."""
    said = []
    for documents, own in table.groupby("documents", sort=False):
        first = own.iloc[0]
        best = own[own["worth_it"]].sort_values("bytes_per_document")
        named = "; ".join(f"{row['variant']}, {_told(row)}" for row in best.to_dict("records"))
        said.append(
            f"At {documents:,} documents {first['variant']} finds a right answer of "
            f"{first['found']} of {first['answerable']} queries, takes "
            f"{rounded(first['bytes_per_document'], ',.0f')} bytes a document and "
            f"{rounded(first['p50'], '.1f')} ms. Of the indices that are not shown to find fewer, "
            f"no other is both smaller and faster than: {named}."
        )
    return said


def _told(row: dict[Any, Any]) -> str:
    times = row["ratio_to_first"]
    speed = "" if times == 1 else f" ({rounded(1 / times, '.1f')} times as fast)"
    ends = f" ({between(row['low'], row['high'], '+.3f')})" if row["difference"] else ""
    return (
        f"{rounded(row['bytes_per_document'], ',.0f')} bytes, {rounded(row['p50'], '.1f')} ms"
        f"{speed}, {row['found']} found{ends}"
    )
