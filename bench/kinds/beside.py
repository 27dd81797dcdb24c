"""Requests timed beside the flat scan, in alternation, and what they take in numbers."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.cost.load import LoadResult, Search, TimedSearch, run_load, timed
from bench.cost.percentiles import median_ratio, supported_percentile
from bench.engine.client import Client, unrepeated
from bench.kinds.sections import Resampling
from bench.search.search import WARM_UP, search_together, send_search

#: A search, or several that are sent in one request.
Body = dict[str, Any] | list[dict[str, Any]]


def asked_rows(count: int, most: int) -> list[int]:
    """Rows of at most so many of `count` queries, in random order."""
    rows: list[int] = np.random.default_rng(0).permutation(count)[:most].tolist()
    return rows


def alternate(
    client: Client,
    bodies: Mapping[str, Callable[[int], Body]],
    rows: list[int],
    advance: Callable[[int], object] = lambda done: None,
) -> LoadResult:
    """Send each request for each row, in turn and warm; bodies are made of rows."""
    searches = {name: _timed(unrepeated(client), body) for name, body in bodies.items()}
    for row in rows[:WARM_UP]:
        for search in searches.values():
            search(row)
    return run_load(searches, rows, advance=advance)


def _timed(client: Client, body: Callable[[int], Body]) -> Search:
    def search(row: int) -> TimedSearch:
        made = body(row)
        if isinstance(made, list):
            return timed(partial(search_together, client, made), _number)
        return timed(partial(send_search, client, made), _number)

    return search


def _number(hit: Mapping[str, Any]) -> int:
    return int(hit["_id"])


def times(own: pd.DataFrame, flat: pd.DataFrame, evaluation: Resampling) -> dict[str, Any]:
    """Columns of a row: percentiles in ms, and the ratio of the client's medians to the flat scan.

    ``took_ms`` is the engine's own time, in whole milliseconds, hence its mean too. Rows of equal
    place are of the same query, sent one after the other.
    """
    took, latency = (_floats(own, name) for name in ("took_ms", "latency_ms"))
    ratio = median_ratio(
        latency,
        _floats(flat, "latency_ms"),
        resamples=evaluation.resamples,
        confidence=evaluation.confidence,
        seed=evaluation.seed,
    )
    return {
        "took_mean": float(took.mean()),
        "took_p50": supported_percentile(took, 50),
        "took_p95": supported_percentile(took, 95),
        "latency_p50": supported_percentile(latency, 50),
        "latency_p95": supported_percentile(latency, 95),
        **dict(zip(("ratio", "ratio_low", "ratio_high"), ratio, strict=True)),
    }


def search_times(samples: pd.DataFrame, evaluation: Resampling) -> pd.DataFrame:
    """What a search of each index takes, in turn with those of the others; ratios to the first."""
    by_index = {str(name): own for name, own in samples.groupby("variant", sort=False)}
    first = by_index[samples["variant"].iloc[0]]
    rows = [
        {"source": name, "searches": len(own), **times(own, first, evaluation)}
        for name, own in by_index.items()
    ]
    return pd.DataFrame(rows)


def _floats(samples: pd.DataFrame, name: str) -> NDArray[np.float64]:
    return samples[name].to_numpy(dtype=np.float64)
