# ruff: noqa: D103, S101
"""`imgsig.index` beside the harness: bulk loading and searching of the same index, in turns.

Run by ``pytest benchmarks/test_image_index.py -o addopts="--import-mode=importlib" -s``, with
``OMP_NUM_THREADS=1``: on a busy machine threads of BLAS wait for each other longer than a search
takes. The ratios are printed. It starts an engine of its own, or uses the one that ES_URL names.
``IMGSIG_DOCUMENTS`` sets another number of documents, ``IMGSIG_LAYOUT`` another layout.
"""

import os
import runpy
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pytest

from bench.engine import Engine, open_engine
from bench.index.build import bulk_actions, create_index, delete_index, send_actions, with_paths
from bench.index.variant import Variant
from bench.search.search import search_body, timed_search
from imgsig.index import ImageIndex
from imgsig.index.searching import HitDistances

DOCUMENTS = int(os.environ.get("IMGSIG_DOCUMENTS", "20000"))
LAYOUT = os.environ.get("IMGSIG_LAYOUT", "tagged_column")
#: Documents that one loads before it is the other's turn.
TURN = 1000
QUERIES = 200
RUN = "benchmark"
TURNED = Path(__file__).parents[1] / "tests" / "imgsig" / "fixture" / "turned.py"


@pytest.fixture(scope="module")
def engine(tmp_path_factory) -> Iterator[Engine]:
    with open_engine(tmp_path_factory.mktemp("engine")) as opened:
        yield opened


@pytest.fixture(scope="module")
def signatures() -> np.ndarray:
    """Those of pictures, with some of their differences turned round, each another way."""
    made = runpy.run_path(str(TURNED))["signatures"]()
    rng = np.random.default_rng(0)
    rows = made[rng.integers(0, len(made), DOCUMENTS)].copy()
    rows[:, ::7] *= rng.choice([-1, 1], rows[:, ::7].shape).astype(np.int8)
    return rows


@pytest.fixture(scope="module")
def variants(engine) -> Iterator[tuple[Variant, Variant]]:
    """Two equal indices: for the harness, and for `ImageIndex`."""
    made = tuple(
        Variant(63, 16, {"id": "packed", "strip": "half"}, LAYOUT, name=f"benchmark-{who}")
        for who in ("harness", "own")
    )
    for variant in made:
        create_index(engine.client, variant, RUN)
    yield made
    for variant in made:
        delete_index(engine.client, variant.index_name, RUN)


def seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


@pytest.mark.timeout(3600)
def test_loading_and_searching_take_no_longer_than_the_harness(engine, variants, signatures):
    client = engine.client
    harness, own = variants
    index = ImageIndex.open(getattr(client, "inner", client), own.index_name)

    def load(first: int) -> None:
        documents = with_paths(signatures, first, first + TURN)
        send_actions(client, harness.index_name, bulk_actions(harness, documents, first))

    def add(first: int) -> None:
        assert all(
            one.is_ok for one in index.add_signatures(with_paths(signatures, first, first + TURN))
        )

    taken: dict[str, list[float]] = {"harness": [], "own": []}
    for turn, first in enumerate(range(0, DOCUMENTS - TURN + 1, TURN)):
        both = [("harness", load), ("own", add)]
        for who, work in both if turn % 2 else both[::-1]:
            taken[who].append(seconds(partial(work, first)))
    rates = {who: TURN / median(times[1:]) for who, times in taken.items()}
    rate = rates["own"] / rates["harness"]
    told = [f"{who} {each:,.0f}/s" for who, each in rates.items()]
    print(f"\n{LAYOUT}, loading: {', '.join(told)}, ratio {rate:.2f}")

    for variant in variants:
        client.indices.forcemerge(index=variant.index_name, max_num_segments=1)
        client.indices.refresh(index=variant.index_name)

    def measured(query: np.ndarray, size: int) -> None:
        """What the harness does for the same answer: its requests' latency is that of the first."""
        answer, _ = timed_search(client, search_body(harness, query, size=size))
        HitDistances(harness.identity).of([answer["hits"]["hits"]], query[np.newaxis])

    ratios = []
    for size, rank in ((10, "score"), (100, "score"), (100, "distance")):
        taken = {"request": [], "harness": [], "own": []}
        for turn, query in enumerate(signatures[: QUERIES + 20]):
            body = search_body(harness, query, size=size)
            works = [
                ("request", partial(timed_search, client, body)),
                ("harness", partial(measured, query, size)),
                ("own", partial(index.search_signatures, {"as_is": query}, size=size, rank=rank)),
            ]
            for who, work in works[turn % 3 :] + works[: turn % 3]:
                taken[who].append(seconds(work))
        p50 = {who: 1000 * median(times[20:]) for who, times in taken.items()}
        told = [f"{who} {each:.2f} ms ({p50['own'] / each:.2f})" for who, each in p50.items()]
        print(f"search of {size} by {rank}: {', '.join(told)}")
        ratios.append(p50["own"] / p50["harness"])
    assert rate >= 0.9
    assert max(ratios) <= 1.15
