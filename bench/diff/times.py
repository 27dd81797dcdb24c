"""Times of the same thing in two runs, as ratios of medians.

Each run's samples are drawn for themselves: the interval has the noise within either run. What a
machine does differently from one day to the next is in neither, so a ratio near 1 proves nothing;
for a fair one, measure both in one run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import NamedTuple

import numpy as np
import pandas as pd

from bench.cost.percentiles import Samples, median_ratio
from bench.cost.settings import LATER, Condition
from bench.diff.sizes import named
from bench.runs.folder import RunFolder

_RESAMPLES, _CONFIDENCE = 1000, 0.95


class _Source(NamedTuple):
    """A table of times: what of, the columns that tell things apart, and the column of the time."""

    table: str
    what: str
    keys: tuple[str, ...]
    column: str
    #: Milliseconds in a unit of the column.
    unit: float = 1.0
    #: The column of what is divided by: so many documents were done in that time.
    per: str = ""


_CONDITION = tuple(asdict(Condition()))
_INDEXING = _Source(
    "index_samples", "indexing a document", ("variant",), "seconds", 1e3, "documents"
)
_SEARCHING = _Source("searches", "searching", ("variant",), "latency_ms")
#: Of each kind whose times are compared.
TIME_TABLES: Mapping[str, tuple[_Source, ...]] = {
    "experiment": (
        _Source("timings", "one search each query", ("variant",), "latency_ms"),
        _Source("search_samples", "searching", ("variant", *_CONDITION), "latency_ms"),
        _INDEXING,
    ),
    "scoring": (
        _Source("systems", "searching, median", ("index", "source", "scoring"), "latency_ms"),
    ),
    "engines": (
        _Source("search_samples", "searching", ("engine", "variant", "measured"), "latency_ms"),
        _INDEXING._replace(keys=("engine", "variant", "measured")),
    ),
    "codecs": (
        _Source(
            "samples", "a signature", ("codec", "what", "signatures"), "seconds", 1e3, "signatures"
        ),
        _Source(
            "coder_samples",
            "a signature",
            ("coder", "what", "signatures"),
            "seconds",
            1e3,
            "signatures",
        ),
    ),
    "speed": (_Source("samples", "signing", ("goal", "file", "tool"), "seconds", 1e3),),
    "hashes": (
        _Source("hash_samples", "hashing", ("name",), "seconds", 1e3),
        _SEARCHING,
    ),
    "remedies": (
        _Source("signing_samples", "signing a picture", ("made",), "seconds", 1e3),
        _SEARCHING,
    ),
    "nodes": (_Source("samples", "searching", ("variant", "arrangement"), "latency_ms"),),
    "sweep": (
        _Source("confirmed", "searching, median", ("variant", "layout", "codec"), "latency_ms"),
    ),
}


def times_of(folder: RunFolder, kind: str, tables: Mapping[str, object]) -> dict[str, Samples]:
    """Milliseconds by what took them; a kind may have some of its tables only."""
    found: dict[str, Samples] = {}
    for source in TIME_TABLES.get(kind, ()):
        if source.table not in tables:
            continue
        table = folder.table(source.table)
        spent = table[source.column] * source.unit
        spent = spent / table[source.per] if source.per else spent
        for name, own in spent.groupby(pd.Series(_names(table, source.keys)), sort=False):
            found[f"{source.what}: {name}"] = own.dropna().to_numpy(dtype=np.float64)
    return {name: samples for name, samples in found.items() if len(samples)}


def _names(table: pd.DataFrame, keys: Sequence[str]) -> list[str]:
    """Names of the rows; axes that came later are named where they are not at their base."""
    names = named(table, [key for key in keys if key not in LATER])
    for key in LATER:
        if key in keys and key in table:
            base = getattr(Condition(), key)
            said = (f", {key} {one}" if one != base else "" for one in table[key].tolist())
            names = [name + more for name, more in zip(names, said, strict=True)]
    return names


def compare_times(a: Mapping[str, Samples], b: Mapping[str, Samples]) -> pd.DataFrame:
    """One row a thing that both timed: medians in ms, ``ratio`` of B to A with its interval.

    There is none, NaN, where a run keeps the median alone.
    """
    rows = []
    for what in (name for name in a if name in b):
        ratio = _ratio(b[what], a[what])
        ends = dict(zip(("ratio", "low", "high"), ratio, strict=True))
        medians = {"a": float(np.median(a[what])), "b": float(np.median(b[what]))}
        rows.append({"what": what, **medians, **ends})
    return pd.DataFrame(rows, columns=["what", "a", "b", "ratio", "low", "high"])


def _ratio(samples: Samples, first: Samples) -> tuple[float, float, float]:
    if min(len(samples), len(first)) < 2:
        return float(np.median(samples) / np.median(first)), float("nan"), float("nan")
    return median_ratio(
        samples, first, resamples=_RESAMPLES, confidence=_CONFIDENCE, seed=0, paired=False
    )
