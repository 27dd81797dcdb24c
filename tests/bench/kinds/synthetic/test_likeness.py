"""What is compared of real and synthetic documents, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from bench.kinds.synthetic.likeness import (
    check_row,
    compare_words,
    halves_of,
    refuse_unlike,
    word_statistics,
)
from bench.runs.errors import MeasurementError
from imgsig import WordScheme
from tests.bench.kinds.synthetic.conftest import draw


def test_statistics_by_hand():
    words = np.array([[7, 1], [7, 2], [7, 3], [9, 4]])
    table = word_statistics(words).set_index("position")
    # Three of 7 and one of 9: 0.75 * log2(4/3) + 0.25 * 2 bits.
    expected = [2, 0.75 * np.log2(4 / 3) + 0.5, 0.75, 0.25]
    np.testing.assert_allclose(table.loc[0].to_numpy(dtype=float), expected)
    np.testing.assert_allclose(table.loc[1].to_numpy(dtype=float), [4, 2, 0.25, 1])


@pytest.fixture(scope="module")
def samples(unguided) -> tuple[np.ndarray, np.ndarray]:
    drawn = draw(unguided, 2000, seed=1)
    return drawn[:1000], drawn[1000:]


def test_samples_of_one_distribution_are_alike(samples):
    groups = np.resize(["a", "b", "c"], 1000)
    check, positions = compare_words(samples[0], groups, samples[1], WordScheme(), 0.1)
    assert check["ok"].all()
    assert check["difference"].abs().max() < 0.1
    assert check["real_halves_difference"].abs().max() < 0.15
    refuse_unlike(check)
    assert len(positions) == 2 * 63
    assert set(positions["origin"]) == {"real", "synthetic"}


def test_copies_of_real_ones_are_refused(samples):
    copies = np.repeat(samples[0][:200], 5, axis=0)
    check, _ = compare_words(samples[0], np.repeat(["a", "b"], 500), copies, WordScheme(), 0.1)
    assert not check.set_index("measure").loc["distinct_words", "ok"]
    with pytest.raises(MeasurementError, match=r"distinct_words .* \(-\d\d\.\d%, tolerance 10%\)"):
        refuse_unlike(check)


def test_one_scene_has_no_halves(samples):
    check, _ = compare_words(samples[0], np.repeat("a", 1000), samples[1], WordScheme(), 0.1)
    assert check["real_halves_difference"].isna().all()


def test_unequal_numbers_are_refused(samples):
    with pytest.raises(MeasurementError, match="1000 real and 900 synthetic"):
        compare_words(samples[0], np.repeat("a", 1000), samples[1][:900], WordScheme(), 0.1)


def test_the_tolerance_counts_both_ways():
    check = pd.DataFrame([check_row("more", 100, 103, 0.02), check_row("less", 100, 97, 0.02)])
    assert not check["ok"].any()
    assert check_row("just", 100, 102, 0.0200001)["ok"]
    assert check_row("none of either", 0, 0, 0.01)["difference"] == 0


def test_halves_share_no_scene_and_are_as_equal_as_scenes_allow():
    groups = np.repeat(["a", "b", "c", "d"], [50, 30, 15, 5])
    halves = halves_of(groups)
    assert [np.unique(halves[groups == name]).size for name in "abcd"] == [1, 1, 1, 1]
    assert np.bincount(halves).tolist() == [50, 50]


def test_factors_are_told_as_factors():
    row = check_row("pairs", 1e-6, 8e-6, 4.0)
    with pytest.raises(
        MeasurementError, match=r"pairs 8e-06 instead of 1e-06 \(8 times, tolerance 5"
    ):
        refuse_unlike(pd.DataFrame([row]))
