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
    #: Those of the keys that say how it was timed: where they are equal, two times have a ratio.
    how: tuple[str, ...] = ()


class Timed(NamedTuple):
    """Milliseconds, of what, and how: what has the same text there was timed alike."""

    samples: Samples
    subject: str
    how: str


_CONDITION = tuple(asdict(Condition()))
_INDEXING = _Source(
    "index_samples", "indexing a document", ("variant",), "seconds", 1e3, "documents"
)
_SEARCHING = _Source("searches", "searching", ("variant",), "latency_ms")
#: Of each kind whose times are compared.
TIME_TABLES: Mapping[str, tuple[_Source, ...]] = {
    "experiment": (
        _Source("timings", "one search each query", ("variant",), "latency_ms"),
        _Source(
            "search_samples",
            "searching",
            ("variant", *_CONDITION),
            "latency_ms",
            how=_CONDITION,
        ),
        _INDEXING,
    ),
    "scoring": (
        _Source("systems", "searching, median", ("index", "source", "scoring"), "latency_ms"),
    ),
    "engines": (
        _Source(
            "search_samples",
            "searching",
            ("engine", "variant", "measured"),
            "latency_ms",
            how=("engine", "variant"),
        ),
        _INDEXING._replace(keys=("engine", "variant", "measured"), how=("engine", "variant")),
    ),
    "codecs": (
        _Source(
            "samples",
            "a signature",
            ("codec", "what", "signatures"),
            "seconds",
            1e3,
            "signatures",
            ("what", "signatures"),
        ),
        _Source(
            "coder_samples",
            "a signature",
            ("coder", "what", "signatures"),
            "seconds",
            1e3,
            "signatures",
            ("what", "signatures"),
        ),
    ),
    "speed": (
        _Source(
            "samples", "signing", ("goal", "file", "tool"), "seconds", 1e3, how=("goal", "file")
        ),
    ),
    "hashes": (
        _Source("hash_samples", "hashing", ("name",), "seconds", 1e3),
        _SEARCHING,
    ),
    "remedies": (
        _Source("signing_samples", "signing a picture", ("made",), "seconds", 1e3),
        _SEARCHING,
    ),
    "nodes": (
        _Source("samples", "searching", ("variant", "arrangement"), "latency_ms", how=("variant",)),
    ),
    "sweep": (
        _Source("confirmed", "searching, median", ("variant", "layout", "codec"), "latency_ms"),
    ),
}


def times_of(folder: RunFolder, kind: str, tables: Mapping[str, object]) -> dict[str, Samples]:
    """Milliseconds by what took them; a kind may have some of its tables only."""
    return {name: one.samples for name, one in timed(folder, kind, tables).items()}


def timed(folder: RunFolder, kind: str, tables: Mapping[str, object]) -> dict[str, Timed]:
    """The same, with what was timed and how."""
    found: dict[str, Timed] = {}
    for source in TIME_TABLES.get(kind, ()):
        if source.table not in tables:
            continue
        table = folder.table(source.table)
        spent = table[source.column] * source.unit
        spent = spent / table[source.per] if source.per else spent
        names = _names(table, source.keys)
        subjects = _names(table, [key for key in source.keys if key not in source.how])
        ways = _names(table, source.how)
        for name, own in spent.groupby(pd.Series(names), sort=False):
            at = own.index[0]
            found[f"{source.what}: {name}"] = Timed(
                own.dropna().to_numpy(dtype=np.float64),
                subjects[at],
                f"{source.table}: {ways[at]}",
            )
    return {name: one for name, one in found.items() if len(one.samples)}


def _names(table: pd.DataFrame, keys: Sequence[str]) -> list[str]:
    """Names of the rows; axes that came later are named where they are not at their base."""
    own = [key for key in keys if key not in LATER]
    names = named(table, own) if own else [""] * len(table)
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
