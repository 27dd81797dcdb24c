"""Probabilities of a match, and cutoffs."""

import numpy as np
import pandas as pd
import pytest

from bench.evaluate.judge import TUNE
from bench.kinds.scoring.calibration import (
    METHODS,
    calibration_tables,
    fit_probability,
    left_out_loss,
)
from bench.search.exact.truth import RIGHT, WRONG

N, SIZE = 1200, 12


@pytest.fixture(scope="module")
def made(scoring):
    """Queries whose best hit is a match as often as its distance says; the others are wrong."""
    rng = np.random.default_rng(0)
    far = rng.random(N)
    is_match = rng.random(N) < 1 / (1 + np.exp(12 * (far - 0.5)))
    halves = np.where(np.arange(N) // 2 % 2, "tune", "report")
    queries = pd.DataFrame({"query": np.arange(N), "n_right": is_match * 1, "half": halves})
    queries = queries.assign(in_database=is_match, transform="blur", strength=1.0, status="ok")
    queries = queries.assign(photo="p", group=[f"g{row // 2}" for row in range(N)])
    best = pd.DataFrame({"row": np.arange(N), "rank": 1, "score": 20, "distance": far})
    best = best.assign(code=np.where(is_match, RIGHT, WRONG))
    hits = pd.concat([best, best.assign(rank=0, score=30, distance=far + 1, code=WRONG)])
    hits = hits.sort_values(["row", "rank"], ignore_index=True)
    tuned = pd.DataFrame(
        [("63x16 count", name, k, TUNE, True) for name, k in (("distance", 0), ("idf", 0))],
        columns=["source", "scoring", "k", "half", "chosen"],
    )
    tables = calibration_tables(
        scoring, queries, {"63x16 count": hits}, tuned, ("63x16 count", "distance")
    )
    return far, is_match, halves, tables


def test_what_is_said_happens_as_often(made):
    _, is_match, halves, tables = made
    (row,) = tables["calibrated"].to_dict("records")
    assert row["method"] == "logistic"  # which these are made by
    assert row["n"] == N / 2
    assert row["share"] == is_match[halves == "report"].mean()
    assert row["ece"] < 0.06
    assert row["brier_low"] < row["brier"] < row["brier_high"] < row["brier_of_share"] / 1.5
    bins = tables["calibration"]
    assert bins["n"].sum() == row["n"]
    assert ((bins["predicted"] * 10).astype(int) == bins["bin"]).all()
    assert ((bins["low"] <= bins["observed"]) & (bins["observed"] <= bins["high"])).all()
    inside = (bins["low"] <= bins["predicted"]) & (bins["predicted"] <= bins["high"])
    assert inside.sum() >= 8
    gaps = (bins["n"] * (bins["predicted"] - bins["observed"]).abs()).sum() / bins["n"].sum()
    assert row["ece"] == pytest.approx(gaps)


def test_a_cutoff_is_the_loosest_of_its_precision_on_one_half_and_tried_on_the_other(made):
    far, is_match, halves, tables = made
    cutoffs = tables["cutoffs"]
    assert set(cutoffs["scoring"]) == {"distance"}  # what is not looked at has none
    assert cutoffs["precision"].tolist() == [0.9, 0.99]
    tune, report = halves == "tune", halves == "report"
    for row in cutoffs.to_dict("records"):
        assert row["keeps"] == "<"
        kept = far < row["cutoff"]
        assert is_match[kept & tune].mean() >= row["precision"]
        looser = np.sort(far[tune & is_match & ~kept])
        assert all(is_match[tune & (far <= one)].mean() < row["precision"] for one in looser)
        assert row["held_out_precision"] == is_match[kept & report].mean()
        assert row["held_out_recall"] == kept[report & is_match].mean()
        assert row["held_out_recall_low"] < row["held_out_recall"] < row["held_out_recall_high"]
        assert 0.5 < row["probability"] < 1


def test_probabilities_stay_half_a_case_from_certainty():
    values, right = np.arange(10.0), np.arange(10) > 4
    for method in METHODS:
        said = fit_probability(method, values, right)(np.array([-99.0, 4.5, 99.0]))
        assert said[0] >= 0.05
        assert said[2] <= 0.95
        assert (np.diff(said) > 0).all()
        never = fit_probability(method, values, np.zeros(10, dtype=np.bool_))(values)
        assert (never == 0.05).all()


def test_scenes_are_left_out_whole():
    values, right = np.arange(40.0), np.arange(40) >= 20
    group = np.repeat([0, 1], 20)
    # Who has seen the one scene alone knows one outcome.
    assert left_out_loss("isotonic", values, right, group) == pytest.approx(-np.log(0.5 / 20))
    assert left_out_loss("isotonic", values, right, np.arange(40) % 20) < 0.5
