import numpy as np
import pytest

from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.hits import hits_from_arrays
from bench.evaluate.inputs import check_queries
from bench.evaluate.queries import Queries, read_queries
from bench.evaluate.rankings import DISTANCE, SCORE
from bench.evaluate.sample import Sample, take_sample
from bench.evaluate.tail import TAIL_PAIRS, fit_tail

N_QUERIES = 200


@pytest.fixture(scope="module")
def queries(make_queries) -> Queries:
    return read_queries(check_queries(make_queries([{"in_database": False}] * N_QUERIES)))


def _sample(queries: Queries, name: str, values: np.ndarray, query: np.ndarray) -> Sample:
    columns = {"score": np.ones(len(values)), name: values}
    hits = hits_from_arrays(query, np.zeros(len(values), dtype=bool), columns, len(queries))
    ranking = {"score": SCORE, "distance": DISTANCE}[name]
    weights = draw_groups(queries.n_groups, 400, 0)
    return take_sample(hits, ranking, queries, np.ones(len(queries), dtype=bool), weights)


@pytest.fixture(scope="module")
def query() -> np.ndarray:
    return np.random.default_rng(0).integers(0, N_QUERIES, 20_000)


def test_an_exponential_tail_is_found(queries, query) -> None:
    # Distances end at 0.7 and thin out by a factor e each 0.03 below it.
    values = 0.7 - np.random.default_rng(1).exponential(0.03, len(query))
    kept = values > 0
    sample = _sample(queries, "distance", values[kept], query[kept])
    exposure = np.full(N_QUERIES, 1000.0)
    tail = fit_tail(sample, exposure, DISTANCE.cutoffs(63))
    assert tail is not None
    assert tail.scale == pytest.approx(0.03, rel=0.25)
    for cutoff in (0.5, 0.4, 0.3):
        expected = len(query) * np.exp(-(0.7 - cutoff) / 0.03) / exposure.sum()
        rate, low, high = tail.rate_at(-cutoff, 0.99)
        assert low < rate < high
        assert low < expected < high


def test_a_geometric_tail_is_found(queries, query) -> None:
    values = np.random.default_rng(2).geometric(0.6, len(query)).astype(float)
    exposure = np.full(N_QUERIES, 1000.0)
    tail = fit_tail(_sample(queries, "score", values, query), exposure, SCORE.cutoffs(63))
    assert tail is not None
    assert tail.scale == pytest.approx(-1 / np.log(0.4), rel=0.2)
    for score in (8, 15, 20):
        expected = len(query) * 0.4 ** (score - 1) / exposure.sum()
        _, low, high = tail.rate_at(score, 0.99)
        assert low < expected < high


def test_the_tail_starts_at_what_was_counted(queries, query) -> None:
    values = np.random.default_rng(3).geometric(0.6, len(query)).astype(float)
    exposure = np.full(N_QUERIES, 10.0)
    tail = fit_tail(_sample(queries, "score", values, query), exposure, SCORE.cutoffs(63))
    assert tail is not None
    assert (values >= tail.start).sum() >= TAIL_PAIRS > (values >= tail.start + 1).sum()
    counted = (values >= tail.start).sum() / exposure.sum()
    assert tail.rate_at(tail.start, 0.95)[0] == pytest.approx(counted)
    assert np.isnan(tail.rate_at(tail.start - 1, 0.95)).all()
    beyond = [tail.rate_at(tail.start + step, 0.95)[0] for step in range(6)]
    assert np.diff(np.log(beyond)) == pytest.approx(-1 / tail.scale)


@pytest.mark.parametrize("values", [[3.0] * (TAIL_PAIRS - 1), [3.0] * 500])
def test_too_few_pairs_or_one_value_make_no_tail(queries, query, values) -> None:
    sample = _sample(queries, "score", np.array(values), query[: len(values)])
    cutoffs = SCORE.cutoffs(3)
    assert fit_tail(sample, np.full(N_QUERIES, 10.0), cutoffs) is None


def test_no_cutoff_in_reach_makes_no_tail(queries, query) -> None:
    sample = _sample(queries, "score", np.arange(500.0) % 3 + 1, query[:500])
    assert fit_tail(sample, np.full(N_QUERIES, 10.0), np.array([9.0])) is None
