"""A soak: rounds of work without end, what the harness holds meanwhile, and what it leaves."""

import time
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd

from bench.engine.client import Client
from tests.soak.growth import Growth, all_growth
from tests.soak.process_tree import Held, descendants, engine_processes
from tests.soak.rounds import PREFIX, make_material, make_variants, work
from tests.soak.watch import Watch

#: One of so many rounds settles its index, which waits up to 30 seconds for leases.
SETTLED_EVERY = 8
#: Seconds that processes which have been told to end may take.
ENDING = 10.0

#: Called after every round: seconds spent, rounds done, what is held.
Advance = Callable[[float, int, Held], object]


@dataclass(frozen=True)
class Soaked:
    """What came of a soak.

    Parameters
    ----------
    seconds : float
        How long it took.
    rounds, settled, hits, pictures : int
        Indices that were built, how many of them were settled, hits that were compared, pictures
        that were signed.
    samples : DataFrame
        See `tests.soak.watch.Watch.samples`.
    growth : tuple of Growth
        Of every quantity.
    left : tuple of str
        What was left behind; nothing should be.
    """

    seconds: float
    rounds: int
    settled: int
    hits: int
    pictures: int
    samples: pd.DataFrame
    growth: tuple[Growth, ...]
    left: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing grew beyond what is allowed, and nothing was left."""
        return not self.left and all(one.ok for one in self.growth)

    def describe(self) -> dict[str, Any]:
        """As plain values, the samples left out."""
        return {
            "seconds": round(self.seconds, 1),
            "rounds": self.rounds,
            "settled": self.settled,
            "hits_compared": self.hits,
            "pictures_signed": self.pictures,
            "growth": [asdict(one) | {"ok": one.ok} for one in self.growth],
            "left": list(self.left),
            "ok": self.ok,
        }


def soak(
    client: Client,
    folder: Path,
    seconds: float,
    *,
    settled_every: int = SETTLED_EVERY,
    signed_every: int = 1,
    documents: int = 400,
    queries: int = 20,
    least_rounds: int = 1,
    interval: float = 2.0,
    advance: Advance = lambda spent, rounds, now: None,
    more: Callable[[], object] = lambda: None,
) -> Soaked:
    """Build, search, check, delete and sign until the time is over."""
    outside = engine_processes()
    before = {process.pid for process in descendants(outside)}
    material, variants = (
        make_material(folder, documents=documents, queries=queries),
        make_variants(),
    )
    done = []
    with Watch(outside, interval).running() as watch:
        for number in count():
            settle = bool(settled_every) and number % settled_every == settled_every - 1
            variant, sign = variants[number % len(variants)], number % signed_every == 0
            done.append(work(client, variant, material, settle=settle, sign=sign))
            more()
            advance(watch.seconds, len(done), watch.rest())
            if watch.seconds >= seconds and len(done) >= least_rounds:
                break
        spent = watch.seconds
    samples = watch.samples()
    left = [*left_indices(client), *left_processes(before, outside)]
    return Soaked(
        seconds=spent,
        rounds=len(done),
        settled=sum(one.settled for one in done),
        hits=sum(one.hits for one in done),
        pictures=sum(one.pictures for one in done),
        samples=samples,
        growth=tuple(all_growth(samples, spent)),
        left=tuple(left),
    )


def left_indices(client: Client) -> list[str]:
    """Indices of a soak that are still there."""
    return [f"index {name}" for name in client.indices.get(index=f"{PREFIX}-*")]


def left_processes(
    before: Collection[int], outside: Collection[int], ending: float = ENDING
) -> list[str]:
    """Processes that were started and are still there after a while."""
    deadline = time.monotonic() + ending
    while True:
        # Python's own, which frees what worker processes share; it ends with this process.
        left = {
            process.pid: " ".join(process.cmdline()[:4])
            for process in descendants(outside)
            if process.pid not in before and "resource_tracker" not in " ".join(process.cmdline())
        }
        if not left or time.monotonic() > deadline:
            return [f"process {pid} ({name})" for pid, name in left.items()]
        time.sleep(0.2)
