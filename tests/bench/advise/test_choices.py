import numpy as np
import pytest

from bench.advise.bounds import Joint
from bench.advise.choices import by_size, choices, nearest, swept
from bench.advise.measured import MARGIN
from bench.advise.question import Question
from bench.advise.size import smallest_sizes
from bench.runs.folder import RunFolder

MILLION = Question(images=1_000_000, precision=0.9, recall=0.7)


@pytest.fixture(scope="module")
def table(known):
    return choices(known, MILLION).set_index(["variant", "cutoff"])


def test_precision_by_hand(table):
    row = table.loc["8x8", 4.0]
    # Half the queries have a match, of which 0.80 are found: 0.40 a query. Wrong: 1e-6 of a
    # million by the model.
    assert row["model_precision"] == pytest.approx(0.40 / 1.40)
    # Of seven choices at once: log(2) is widened 1.37 times, and so is the way from 0.8 to 0.76.
    joint = Joint(0.95, 7)
    assert joint.widening == pytest.approx(1.373, abs=1e-3)
    low = joint.share(np.array([0.8]), np.array([0.76]))[0]
    assert 0.74 < low < 0.76
    assert row["recall_low"] == low
    wrong = 2**joint.widening
    assert row["model_precision_low"] == pytest.approx(low / 2 / (low / 2 + wrong))


def test_no_wrong_pair_is_no_proof(table):
    row = table.loc["32x8", 12.0]
    assert row["wrong_pairs"] == 0
    right = row["recall_low"] / 2
    # By the rule of three, at one seventh of 5 %: 1.65 times 1.5e-7 of a million.
    wrong = 0.15 * np.log(0.05 / 7) / np.log(0.05)
    assert row["evidence_precision_low"] == pytest.approx(right / (right + wrong))
    assert not row["proven"]
    assert row["safe"]


def test_many_counted_pairs_need_no_model(table):
    row = table.loc["8x8", 2.0]
    assert row["model_is_count"]
    assert row["model_rate"] == 2e-4
    assert row["model_rate_high"] == row["rate_high"]


def test_without_a_model_nothing_is_predicted(table):
    row = table.loc["128x8", 30.0]
    assert np.isnan(row["model_precision"])
    assert not row["likely"]
    assert not row["model_is_count"]


def test_candidates_that_cannot_be_fetched_reach_nothing(table, known):
    row = table.loc["32x8", 0.3]
    assert row["candidates"] == pytest.approx(100_000)  # a tenth of a million share a word
    assert not row["likely"]
    generous = Question(images=1_000_000, precision=0.9, recall=0.7, candidates=100_000)
    again = choices(known, generous).set_index(["variant", "cutoff"])
    assert again.loc[("32x8", 0.3), "safe"]


def test_fewer_images_are_reckoned_as_those_that_were_searched(known):
    few = Question(images=1_000, precision=0.9, recall=0.7)
    searched = choices(known.assign(least_documents=1_000_000), few)
    of_million = choices(known, MILLION)
    assert searched["model_precision"].equals(of_million["model_precision"])
    assert (choices(known, few)["model_precision"] > of_million["model_precision"])[1:5].all()


def test_with_more_images_than_were_searched_a_margin_is_likely_at_most(known):
    margins = known.assign(ranking=MARGIN, least_documents=20_000)
    grown, as_searched, scores = (
        choices(rows, MILLION)
        for rows in (
            margins,
            margins.assign(least_documents=1_000_000),
            margins.assign(ranking="score"),
        )
    )
    assert grown["recall_extrapolated"].all()
    assert grown["evidence_precision_low"].isna().all()
    assert as_searched["evidence_precision_low"].notna().all()
    assert not grown[["proven", "safe"]].any(axis=None)
    assert grown["likely"].equals(as_searched["likely"])
    assert as_searched["safe"].sum() == scores["safe"].sum() == 2
    assert not (as_searched["recall_extrapolated"] | scores["recall_extrapolated"]).any()
    # Of one index the cutoff comes first that would be safe, before one with more recall.
    first = next(by_size(grown.assign(bounded=grown["cutoff"] == 12), "likely"))
    assert first["cutoff"] == 12.0


def test_the_smallest_is_chosen_and_of_its_cutoffs_the_highest_recall(known):
    table = choices(known, MILLION)
    best = next(by_size(table, "safe"))
    assert (best["variant"], best["cutoff"]) == ("32x8", 8.0)
    assert not list(by_size(table, "proven"))
    closest = nearest(table, Question(images=800_000_000, precision=0.99, recall=0.99))
    assert closest is not None


def test_nothing_is_near_without_a_model(known):
    unknown = known[known["variant"] == "128x8"]
    assert nearest(choices(unknown, MILLION), MILLION) is None


def test_rows_of_a_sweep(sweep_folder, counted, histogram):
    run = RunFolder(sweep_folder)
    quality = run.table("sweep")
    sizes = smallest_sizes(quality, run.table("sizes"))
    rows = swept(counted, histogram, quality, sizes, 1_000_000)
    assert len(rows) == len(counted)
    # A tenth of all pairs shares a word, a hundredth two, ...: 1/9 postings a document.
    assert rows["postings"].to_numpy() == pytest.approx(1 / 9, rel=1e-3)
    assert rows["candidates"].max() == pytest.approx(100_000)
