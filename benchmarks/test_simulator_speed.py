# ruff: noqa: D103, S101
"""Schemes an hour: simulation and evaluation of one scheme on 20,000 documents × 1,000 queries.

Run by ``OMP_NUM_THREADS=1 pytest benchmarks -o addopts="--import-mode=importlib"
--benchmark-only`` for the figures of one core: a sweep runs one scheme on each. Beside it stands
the plain comparison of every word of every pair, for a hundredth of the queries.
"""

import numpy as np
import pandas as pd
import psutil
import pytest

from bench.kinds.sweep.config import Sweep
from bench.kinds.sweep.simulate import Evaluator
from bench.search.exact.simulator import Simulator
from bench.signing.sign import Signed
from imgsig import Grid, WordScheme

DOCUMENTS, QUERIES = 20_000, 1_000
SCHEMES = [WordScheme(N=63, k=16), WordScheme(N=100, k=10), WordScheme(N=128, k=4)]
NAMES = ["63x16", "100x10", "128x4"]


def make_signatures(count: int, seed: int) -> np.ndarray:
    """Signatures of grids of grey levels that a common light makes alike, as photographs are."""
    rng, grid = np.random.default_rng(seed), Grid()
    signatures = np.zeros((count, grid.length), dtype=np.int8)
    levels = (
        rng.normal(size=(count, 1, 9, 9))
        + 2 * rng.normal(size=(40, 1, 9, 9))[rng.integers(40, size=count)]
    )
    flat = levels.reshape(count, 81)
    point = np.arange(grid.length) // 8
    steps = np.array([-10, -9, -8, -1, 1, 8, 9, 10])
    beside = point + steps[np.arange(grid.length) % 8]
    inside = grid.on_grid
    apart = flat[:, beside[inside]] - flat[:, point[inside]]
    signatures[:, inside] = np.sign(apart) * (1 + (np.abs(apart) > 1.5)) * (np.abs(apart) > 0.2)
    return signatures


@pytest.fixture(scope="module")
def signed() -> Signed:
    database = make_signatures(DOCUMENTS, 0)
    rng = np.random.default_rng(1)
    answers = rng.permutation(DOCUMENTS)[:QUERIES]
    signatures = database[answers]
    signatures[rng.random(signatures.shape) < 0.1] = 0
    photo = [f"photo{i // 160}" for i in range(DOCUMENTS)]
    documents = pd.DataFrame({"doc": np.arange(DOCUMENTS), "photo": photo, "group": photo}).assign(
        original=[f"tile{i}" for i in range(DOCUMENTS)],
        left=np.arange(DOCUMENTS),
        upper=0,
        right=np.arange(DOCUMENTS) + 1,
        lower=1,
    )
    queries = documents.loc[answers].assign(
        query=np.arange(QUERIES), in_database=True, transform="noise", strength=1.0, status="ok"
    )
    odd = queries["photo"].str[5:].astype(int) % 2 == 1
    queries["half"] = np.where(odd, "tune", "report")
    return Signed(documents, queries.reset_index(drop=True), database, signatures, {})


@pytest.fixture(scope="module")
def evaluator(signed) -> Evaluator:
    sweep = Sweep.model_validate(
        {
            "kind": "sweep",
            "name": "speed",
            "grid": [{"N": [8], "k": [4]}],
            "evaluation": {"resamples": 2000},
        }
    )
    return Evaluator(signed, sweep)


@pytest.mark.parametrize("scheme", SCHEMES, ids=NAMES)
@pytest.mark.benchmark(group="a scheme, 20,000 documents × 1,000 queries", min_rounds=3)
def test_simulated_and_evaluated(benchmark, scheme, evaluator):
    evaluator.evaluate(scheme)  # compiles, and measures the reference
    quality = benchmark(evaluator.evaluate, scheme)
    assert sum(quality.wrong_pairs) > 0.9 * DOCUMENTS * QUERIES
    assert psutil.Process().memory_info().rss < 2 * 2**30  # two of them run at a time: 4 GiB


@pytest.mark.parametrize("scheme", SCHEMES, ids=NAMES)
@pytest.mark.benchmark(group="search, 20,000 documents × 10 queries", min_rounds=3)
def test_search_of_ten(benchmark, scheme, signed):
    simulator = Simulator(signed.database, signed.query_signatures[:10])
    hits = benchmark(simulator.search, scheme)
    assert len(hits) > 10


@pytest.mark.parametrize("scheme", SCHEMES, ids=NAMES)
@pytest.mark.benchmark(group="search, 20,000 documents × 10 queries", min_rounds=3)
def test_comparison_of_all_words_of_ten(benchmark, scheme, signed):
    words, asked = scheme.words(signed.database), scheme.words(signed.query_signatures[:10])

    def compare() -> list[np.ndarray]:
        return [
            np.argsort(-np.count_nonzero(words == one, axis=1), kind="stable")[:100]
            for one in asked
        ]

    assert len(benchmark(compare)) == 10
