"""Searches under load: a closed loop of clients, variants in alternation.

Each client sends its next search when its last one has been answered: a closed loop, which answers
how long a search takes while so many are under way, and how many a second so many clients get done.
It does not answer how long users wait who arrive at a rate of their own: where the engine pauses,
a closed loop sends nothing that would have waited ("coordinated omission"; Schroeder, Wierman and
Harchol-Balter, "Open Versus Closed: A Cautionary Tale", NSDI 2006).

Variants take turns in blocks of the same queries, and begin in turn, so that whatever else the
machine does meets all of them alike. With one client a block is one query; with more it is eight
for each, so that clients of one variant never wait for another's searches.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.engine.received import received_bytes

#: Columns of a load's samples.
SAMPLES = ["variant", "row", "took_ms", "latency_ms", "hits", "answer_bytes"]
#: Searches of each client in a block.
BLOCK = 8


class TimedSearch(NamedTuple):
    """Of one search: the engine's own time, the client's, and the documents found."""

    #: Service time: the engine's ``took``, whole milliseconds, without the way to it and back
    took_ms: float
    latency_ms: float  # from the request to its parsed answer
    documents: NDArray[np.int64]  # int64[hits]
    answer_bytes: int  # of the answer's body as it was sent


#: Searches for the query of a row.
Search = Callable[[int], TimedSearch]


@dataclass(frozen=True)
class LoadResult:
    """What a load of searches gave."""

    #: One row a variant and search: ``variant``, ``row``, ``took_ms``, ``latency_ms``, ``hits``,
    #: ``answer_bytes``. The n-th rows of two variants are of the same query, sent one after the
    #: other.
    samples: pd.DataFrame
    #: Of each variant, the documents found, in the order of its samples
    documents: Mapping[str, list[NDArray[np.int64]]]
    seconds: Mapping[str, float]  # of each variant, how long its blocks took in all


def timed(send: Callable[[], Any], document: Callable[[Any], int]) -> TimedSearch:
    """Send a search and take its times."""
    before, begun = received_bytes(), time.perf_counter()
    answer = send()
    latency = (time.perf_counter() - begun) * 1000
    received = received_bytes() - before
    found = np.array([document(hit) for hit in answer["hits"]["hits"]], dtype=np.int64)
    return TimedSearch(float(answer["took"]), latency, found, received)


def run_load(
    searches: Mapping[str, Search],
    rows: Sequence[int],
    *,
    clients: int = 1,
    before: Callable[[str], object] | None = None,
    advance: Callable[[int], object] = lambda done: None,
) -> LoadResult:
    """Send each query to each variant."""
    if before is not None and clients > 1:
        raise ValueError(f"{clients} clients cannot each prepare the index; take one")
    variants = list(searches)
    answers: dict[str, list[TimedSearch]] = {variant: [] for variant in variants}
    seconds = dict.fromkeys(variants, 0.0)
    size = 1 if clients == 1 else BLOCK * clients
    with ThreadPoolExecutor(clients) as threads:
        for number, start in enumerate(range(0, len(rows), size)):
            block = rows[start : start + size]
            turn = number % len(variants)
            for variant in variants[turn:] + variants[:turn]:
                if before is not None:
                    before(variant)
                begun = time.perf_counter()
                answers[variant] += threads.map(searches[variant], block)
                seconds[variant] += time.perf_counter() - begun
                advance(len(block))
    samples = [
        (variant, row, one.took_ms, one.latency_ms, len(one.documents), one.answer_bytes)
        for variant in variants
        for row, one in zip(rows, answers[variant], strict=True)
    ]
    return LoadResult(
        pd.DataFrame(samples, columns=SAMPLES),
        {variant: [answer.documents for answer in answers[variant]] for variant in variants},
        seconds,
    )
