import numpy as np
import pandas as pd
import pytest

from bench.evaluate.bootstrap import draw_groups
from bench.evaluate.growth import last_scores
from bench.evaluate.hits import select_hits
from bench.evaluate.inputs import check_candidates, check_queries
from bench.evaluate.queries import read_queries
from bench.evaluate.rankings import RANKINGS
from bench.evaluate.sample import take_sample
from bench.evaluate.settings import EvaluationSettings
from bench.evaluate.wrong_pairs import expected_precision, wrong_pairs


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
