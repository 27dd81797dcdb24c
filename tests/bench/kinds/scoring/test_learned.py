"""Weights of words that are learned on one half."""

import numpy as np
import pytest

from bench.kinds.scoring.learned import fit_weights, learn_weights
from bench.runs.errors import MeasurementError
from bench.search.exact.rarity import UNIT, rarity_of
from bench.search.exact.simulator import Simulator
from bench.search.exact.truth import find_truth, signed_rows
from imgsig import WordScheme

SCHEME = WordScheme(N=63, k=6)


@pytest.fixture(scope="module")
def parts(signed):
    rows = signed_rows(signed)
    simulator = Simulator(signed.database, signed.query_signatures[rows])
    tune = (signed.queries["half"] == "tune").to_numpy()[rows]
    rarity = rarity_of(simulator.document_frequencies(SCHEME), len(signed.database))
    return simulator, find_truth(signed), tune, rarity


def test_what_tells_more_weighs_more_and_what_misleads_weighs_least():
    rng = np.random.default_rng(0)
    right = rng.random(2000) < 0.5
    chances = np.array([[0.3, 0.4, 0.5, 0.5], [0.7, 0.6, 0.5, 0.3]])  # that it is equal
    weights = fit_weights((rng.random((2000, 4)) < chances[right * 1]) * 1.0, right)
    assert weights[0] == UNIT > weights[1] > weights[2] >= weights[3] == 1


@pytest.mark.parametrize("bins", [1, 4])
def test_each_query_has_the_weights_of_its_words_positions_and_bins(parts, bins):
    simulator, truth, tune, rarity = parts
    weights, told = learn_weights(simulator, truth, SCHEME, tune, rarity, bins)
    assert weights.shape == rarity.shape
    assert told["weight"].between(1, UNIT).all()
    assert told["weight"].max() == UNIT
    assert len(told) == SCHEME.N * bins
    for position, own in told.groupby("position"):
        assert (np.diff(own["rarity"]) >= 0).all()
        bin_of = np.searchsorted(own["rarity"], rarity[:, position], side="right") - 1
        np.testing.assert_array_equal(weights[:, position], own["weight"].to_numpy()[bin_of])


def test_the_other_half_teaches_nothing(parts):
    simulator, truth, tune, rarity = parts
    _, told = learn_weights(simulator, truth, SCHEME, tune, rarity, 4)
    other = simulator.queries.copy()
    other[~tune] *= -1
    noisy = np.where(tune[:, np.newaxis], rarity, 0.0)
    _, again = learn_weights(Simulator(simulator.documents, other), truth, SCHEME, tune, noisy, 4)
    assert told.equals(again)


def test_without_right_pairs_there_is_nothing_to_learn(parts):
    simulator, truth, tune, rarity = parts
    with pytest.raises(MeasurementError, match="which has 0 and 0; take more queries"):
        learn_weights(simulator, truth, SCHEME, np.zeros_like(tune), rarity, 1)
