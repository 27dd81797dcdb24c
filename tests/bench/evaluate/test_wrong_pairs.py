import numpy as np
import pandas as pd
import pytest

from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.growth import last_scores
from bench.evaluate.hits import hits_from_arrays, select_hits
from bench.evaluate.inputs import Queries, check_candidates, check_queries, read_queries
from bench.evaluate.rankings import DISTANCE, RANKINGS, SCORE
from bench.evaluate.sample import Sample, take_sample
from bench.evaluate.settings import EvaluationSettings
from bench.evaluate.wrong_pairs import TAIL_PAIRS, expected_precision, fit_tail, wrong_pairs


def _table(queries, candidates, n_documents: int, name: str = "score", k: int = 8) -> pd.DataFrame:
    asked = EvaluationSettings(n_candidates=k, n_resamples=50)
    table = check_queries(queries)
    checked = check_candidates(candidates, table, {"tester": 8}, asked)
    run = read_queries(table)
    hits, ranking = select_hits(checked, len(run), asked), RANKINGS[name]
    every = np.ones(len(run), dtype=bool)
    sample = take_sample(hits, ranking, run, every, draw_groups(run.n_groups, 50, 0))
    last = last_scores(checked, len(run), k)
    rows = wrong_pairs(sample, run, n_documents, ranking.cutoffs(8), last, 0.95)
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def by_hand(make_queries, make_candidates) -> pd.DataFrame:
    queries = make_queries([{}, {}, {"in_database": False}, {"status": "failed"}])
    hits = {
        0: [(7, 0.1, "right"), (4, 0.4, "wrong"), (3, 0.5, "ignored")],
        1: [(6, 0.5, "wrong"), (5, 0.2, "right"), (2, 0.6, "wrong")],
        2: [(4, 0.3, "wrong")],
    }
    return _table(queries, make_candidates(hits), 1000, k=3).set_index("cutoff")


def test_counts_by_hand(by_hand) -> None:
    assert by_hand["wrong_pairs"].tolist() == [4, 4, 3, 3, 1, 1, 0, 0]
    assert by_hand["right_pairs"].tolist() == [2, 2, 2, 2, 2, 1, 1, 0]
    assert (by_hand["queries"] == 3).all()  # the failed one met no document
    assert (by_hand["exposures"] == 3000).all()
    assert (by_hand["right_answers"] == 3).all()  # but its right answer is lost
    assert by_hand["rate"][4] == pytest.approx(3 / 3000)
    assert by_hand["recall"][5] == pytest.approx(2 / 3)
    assert by_hand["rate_low"][8] == 0
    assert by_hand["rate_high"][8] == pytest.approx(3 / 3000, rel=0.01)


def test_full_lists_may_lack_pairs_below_their_last_hit(by_hand) -> None:
    assert by_hand["incomplete"].tolist() == [2, 2, 1, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("name", ["score", "distance"])
def test_a_stricter_cutoff_keeps_no_more(random_tables, name: str) -> None:
    table = _table(*random_tables(8), 500, name)
    if name == "distance":
        table = table[::-1]
    for column in ("wrong_pairs", "right_pairs", "rate", "recall"):
        assert (np.diff(table[column]) <= 0).all()
    assert ((table["rate_low"] <= table["rate"]) & (table["rate"] <= table["rate_high"])).all()
    assert (
        (table["recall_low"] <= table["recall"]) & (table["recall"] <= table["recall_high"])
    ).all()
    tail = table.dropna(subset="tail_rate")
    assert len(tail)
    assert (np.diff(tail["tail_rate"]) < 0).all()


def test_in_a_collection_of_the_same_size_precision_is_what_was_counted(by_hand) -> None:
    found = expected_precision(by_hand, documents=1000)
    # Recall is over all three right answers, wrong pairs are over the three queries searched for.
    counted = by_hand["right_pairs"] / (by_hand["right_pairs"] + by_hand["wrong_pairs"])
    assert found["precision"].tolist() == pytest.approx(counted.tolist(), nan_ok=True)
    assert found["wrong_per_query"][4] == pytest.approx(1)


def test_wrong_pairs_are_proportional_to_the_documents(by_hand) -> None:
    small, large = (expected_precision(by_hand, documents) for documents in (10_000, 1_000_000))
    assert (large["wrong_per_query"] == 100 * small["wrong_per_query"]).all()
    assert (large["precision"].dropna() <= small["precision"].dropna()).all()
    known = large.dropna(subset="precision")
    assert (known["precision_low"] <= known["precision"]).all()
    assert (known["precision"] <= known["precision_high"]).all()


def test_fewer_queries_with_a_match_mean_less_precision(by_hand) -> None:
    often, seldom = (expected_precision(by_hand, 1000, share) for share in (1.0, 0.1))
    assert seldom["precision"][4] == pytest.approx(0.2 / 3 / (0.2 / 3 + 1))
    assert (seldom["precision"][:6] < often["precision"][:6]).all()


def test_the_tail_replaces_counts_that_are_too_few(random_tables) -> None:
    table = _table(*random_tables(8), 500)
    found = expected_precision(table, 500, rate="tail")
    start = table["tail_rate"].first_valid_index()
    assert start is not None
    assert found["precision"][:start].isna().all()
    assert found["wrong_per_query"][start] == pytest.approx(table["rate"][start] * 500)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"documents": 0}, "documents is 0; it must be above 0"),
        ({"documents": float("nan")}, "documents is nan"),
        ({"documents": 5, "matches_per_query": -1}, "matches_per_query is -1; it must be above 0"),
        ({"documents": 5, "rate": "best"}, "rate is 'best'; it must be 'rate' or 'tail'"),
    ],
)
def test_what_makes_no_sense_is_refused(by_hand, asked, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        expected_precision(by_hand, **asked)


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
