"""Synthetic signatures: lawful, reproducible, and of the model's own distribution."""

import numpy as np
import pytest

from bench.kinds.synthetic.model import BLOCK, SyntheticModel, train_on
from bench.runs.errors import MeasurementError
from imgsig import Grid
from imgsig.codecs import get_codec
from imgsig.codecs.context_geometry import edges
from imgsig.codecs.context_model import PRECISIONS, load_model
from imgsig.strips import HalfStrip
from tests.bench.kinds.synthetic.conftest import draw


@pytest.fixture(scope="module")
def drawn(unguided) -> np.ndarray:
    return draw(unguided, 1500, seed=7)


def test_they_are_signatures(drawn):
    assert drawn.shape == (1500, 648)
    assert drawn.dtype == np.int8
    assert set(np.unique(drawn)) == {-2, -1, 0, 1, 2}
    assert HalfStrip().is_regular(drawn).all()
    assert len(np.unique(drawn, axis=0)) > 1490


def test_the_same_seed_gives_the_same_and_more_begin_with_the_fewer(drawn, unguided):
    model = unguided
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
    assert 36 < np.mean(sizes) < 40  # the codec's frozen model


def test_only_default_signatures_can_be_learned():
    with pytest.raises(MeasurementError, match="648 values"):
        train_on(np.zeros((3, 100), dtype=np.int8))
    irregular = np.ones((3, 648), dtype=np.int8)
    with pytest.raises(MeasurementError, match="nothing to train"):
        train_on(irregular)


@pytest.fixture(scope="module")
def of_two_kinds(drawn) -> tuple[np.ndarray, SyntheticModel]:
    """Photographs, and pictures that get lighter from left to right; and what was learned."""
    points = np.zeros((9, 9, 8), dtype=np.int8)
    points[..., [0, 3, 5]], points[..., [2, 4, 7]] = -1, 1
    lighter = (points.reshape(-1) * Grid().on_grid).astype(np.int8)
    assert HalfStrip().is_regular(lighter[np.newaxis]).all()
    real = np.concatenate([drawn[:200], np.repeat(lighter[np.newaxis], 200, axis=0)])
    return real, train_on(real, seen=4_000, jobs=1)


@pytest.mark.slow
def test_the_shape_of_a_real_one_guides(of_two_kinds):
    """Half are photographs, a quarter get lighter and a quarter, their mirror images, darker.

    Without shapes all would begin alike and go on as they began, if at all.
    """
    real, model = of_two_kinds
    drawn = draw(model, 2_000)
    signs = np.sign(drawn.astype(int)) @ np.sign(real[-1].astype(int)) / np.count_nonzero(real[-1])
    for kind in (signs > 0.9, signs < -0.9):
        assert 0.2 < kind.mean() < 0.3
    assert 0.45 < (np.abs(signs) < 0.7).mean() < 0.55


@pytest.mark.slow
def test_a_model_is_the_same_after_it_was_kept(of_two_kinds, tmp_path):
    model = of_two_kinds[1]
    np.savez(tmp_path / "model.npz", allow_pickle=False, **model.arrays())
    with np.load(tmp_path / "model.npz", allow_pickle=False) as arrays:
        kept = SyntheticModel.from_arrays(dict(arrays))
    np.testing.assert_array_equal(draw(kept, 100, seed=3), draw(model, 100, seed=3))
