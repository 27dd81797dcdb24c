import numpy as np
import pytest

from bench.advise.choices import choices, nearest, smallest
from bench.advise.question import Question

MILLION = Question(images=1_000_000, precision=0.9, recall=0.7)


@pytest.fixture(scope="module")
def table(counted, histogram):
    return choices(counted, histogram, MILLION).set_index(["variant", "cutoff"])


def test_precision_by_hand(table):
    row = table.loc["8x8", 4.0]
    # Half the queries have a match, of which 0.80 (0.76 at least) are found: 0.40 (0.38) a query.
    # Wrong: 1e-6 (2e-6 at most) of a million by the model; at most 1.6e-6 by what was counted.
    assert row["model_precision"] == pytest.approx(0.40 / 1.40)
    assert row["model_precision_low"] == pytest.approx(0.38 / 2.38)
    assert row["evidence_precision_low"] == pytest.approx(0.38 / 1.98)


def test_no_wrong_pair_is_no_proof(table):
    row = table.loc["32x8", 12.0]
    assert row["wrong_pairs"] == 0
    assert row["evidence_precision_low"] == pytest.approx(0.405 / (0.405 + 0.15))
    assert row["model_precision_low"] == pytest.approx(0.405 / (0.405 + 1e-5))
    assert not row["proven"]
    assert row["safe"]


def test_many_counted_pairs_need_no_model(table):
    row = table.loc["8x8", 2.0]
    assert row["model_is_count"]
    assert row["model_rate"] == 2e-4
    assert row["model_rate_high"] == row["rate_high"]


def test_without_a_model_nothing_is_foretold(table):
    row = table.loc["128x8", 30.0]
    assert np.isnan(row["model_precision"])
    assert not row["likely"]
    assert not row["model_is_count"]


def test_candidates_that_cannot_be_fetched_reach_nothing(table, counted, histogram):
    row = table.loc["32x8", 0.3]
    assert row["candidates"] == pytest.approx(100_000)  # a tenth of a million share a word
    assert not row["likely"]
    generous = Question(images=1_000_000, precision=0.9, recall=0.7, candidates=100_000)
    again = choices(counted, histogram, generous).set_index(["variant", "cutoff"])
    assert again.loc[("32x8", 0.3), "safe"]


def test_the_smallest_is_chosen_and_of_its_cutoffs_the_highest_recall(counted, histogram):
    table = choices(counted, histogram, MILLION)
    sizes = {"8x8": 100.0, "32x8": 200.0, "128x8": 400.0}
    table["bytes_per_document"] = table["variant"].map(sizes)
    best = smallest(table, "safe")
    assert best is not None
    assert (best["variant"], best["cutoff"]) == ("32x8", 8.0)
    assert smallest(table, "proven") is None
    closest = nearest(table, Question(images=800_000_000, precision=0.99, recall=0.99))
    assert closest is not None


def test_nothing_is_near_without_a_model(counted, histogram):
    unknown = counted[counted["variant"] == "128x8"]
    table = choices(unknown, histogram, MILLION).assign(bytes_per_document=1.0)
    assert nearest(table, MILLION) is None
