"""Synthetic signatures: lawful, reproducible, and of the model's own distribution."""

import numpy as np
import pandas as pd
import pytest

from bench.kinds.scale.synthetic import (
    BLOCK,
    check_row,
    compare_words,
    draw,
    refuse_unlike,
    train_on,
    word_statistics,
)
from bench.runs.errors import MeasurementError
from imgsig import WordScheme
from imgsig.codecs import get_codec
from imgsig.codecs.context_geometry import edges
from imgsig.codecs.context_model import PRECISIONS, load_model
from imgsig.strips import HalfStrip


@pytest.fixture(scope="module")
def drawn() -> np.ndarray:
    return draw(load_model("context_v1"), 1500, seed=7)


def test_they_are_signatures(drawn):
    assert drawn.shape == (1500, 648)
    assert drawn.dtype == np.int8
    assert set(np.unique(drawn)) == {-2, -1, 0, 1, 2}
    assert HalfStrip().is_regular(drawn).all()
    assert len(np.unique(drawn, axis=0)) > 1490


def test_the_same_seed_gives_the_same_and_more_begin_with_the_fewer(drawn):
    model = load_model("context_v1")
    np.testing.assert_array_equal(draw(model, 100, seed=7), drawn[:100])
    assert (draw(model, 100, seed=8) != drawn[:100]).any(axis=1).all()
    assert draw(model, 0).shape == (0, 648)
    np.testing.assert_array_equal(draw(model, BLOCK, seed=7), drawn[:BLOCK])


def test_the_first_value_has_the_models_likelihoods(drawn):
    """The first step has no context, so its likelihoods are the same for every signature."""
    model = load_model("context_v1")
    ends = model.cumulative(0, model.new_planes(1))[:, 0].astype(float) / 2 ** PRECISIONS[0]
    first = HalfStrip().keep(drawn)[:, edges().order[0]]
    observed = np.bincount(first + 2, minlength=5) / len(first)
    np.testing.assert_allclose(observed, np.diff(ends), atol=4 * 0.5 / np.sqrt(len(first)))


def test_they_take_the_bits_that_the_model_says(drawn):
    """Source coding: what is drawn from a model costs that model's entropy, no codec less.

    Signatures that the model finds likelier than real ones, or less likely, would show here.
    """
    sizes = [len(code) for code in get_codec({"id": "context"}).encode_batch(drawn)]
    assert 38 < np.mean(sizes) < 50  # 45.5 for real photographs


def test_only_default_signatures_can_be_learned():
    with pytest.raises(MeasurementError, match="648 values"):
        train_on(np.zeros((3, 100), dtype=np.int8))
    irregular = np.ones((3, 648), dtype=np.int8)
    with pytest.raises(MeasurementError, match="nothing to train"):
        train_on(irregular)


@pytest.mark.slow
def test_a_model_learns_what_it_is_shown():
    flat = train_on(np.zeros((300, 648), dtype=np.int8), seen=6_000, jobs=1)
    of_flat, of_photographs = (draw(m, 50) == 0 for m in (flat, load_model("context_v1")))
    assert of_flat.mean() > of_photographs.mean() + 0.2


def test_statistics_by_hand():
    words = np.array([[7, 1], [7, 2], [7, 3], [9, 4]])
    table = word_statistics(words).set_index("position")
    # Three of 7 and one of 9: 0.75 * log2(4/3) + 0.25 * 2 bits.
    expected = [2, 0.75 * np.log2(4 / 3) + 0.5, 0.75, 0.25]
    np.testing.assert_allclose(table.loc[0].to_numpy(dtype=float), expected)
    np.testing.assert_allclose(table.loc[1].to_numpy(dtype=float), [4, 2, 0.25, 1])


@pytest.fixture(scope="module")
def samples() -> tuple[np.ndarray, np.ndarray]:
    drawn = draw(load_model("context_v1"), 2000, seed=1)
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
