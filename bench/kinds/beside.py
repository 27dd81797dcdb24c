"""Requests timed beside the flat scan, in alternation, and what they take in numbers."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.cost.load import LoadResult, Search, run_load, timed
from bench.cost.percentiles import median_ratio, supported_percentile
from bench.engine.client import Client
from bench.kinds.sections import Resampling
from bench.search.search import WARM_UP
from bench.search.search import _search as send_search


def asked_rows(count: int, most: int) -> list[int]:
    """Rows of at most so many of `count` queries, in random order."""
    rows: list[int] = np.random.default_rng(0).permutation(count)[:most].tolist()
    return rows


def alternate(
    client: Client,
    bodies: Mapping[str, Callable[[int], dict[str, Any]]],
    rows: list[int],
    advance: Callable[[int], object] = lambda done: None,
) -> LoadResult:
    """Send each request for each row, in turn and warm; bodies are made of rows."""
    searches = {name: _timed(client, body) for name, body in bodies.items()}
    for row in rows[:WARM_UP]:
        for search in searches.values():
            search(row)
    return run_load(searches, rows, advance=advance)


def _timed(client: Client, body: Callable[[int], dict[str, Any]]) -> Search:
    return lambda row: timed(partial(send_search, client, body(row)), lambda hit: int(hit["_id"]))


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


def _floats(samples: pd.DataFrame, name: str) -> NDArray[np.float64]:
    return samples[name].to_numpy(dtype=np.float64)
