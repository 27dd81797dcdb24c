"""Shapes: what guides the drawing of a signature."""

import numpy as np
import pytest

from bench.kinds.context_model import coded_values
from bench.kinds.synthetic.shape import COMPONENTS, GUIDES, PLACES, Shapes


@pytest.fixture(scope="module")
def values(crops) -> np.ndarray:
    return coded_values(crops.signatures)[:, :-1]


def test_guides_say_roughly_what_the_values_are(values):
    shapes = Shapes.of(values)
    guides = shapes.guides(np.arange(len(values))) / 2**PLACES
    assert guides.shape == (272, GUIDES, len(values))
    for guide, told in ((0, values), (1, np.abs(values))):
        left = told.T - guides[:, guide]
        assert 0.1 < left.var() / told.var() < 0.75
    np.testing.assert_allclose(
        guides[:, 2], np.tile(4 * (values == 0).mean(axis=1), (272, 1)), atol=0.01
    )
    left = (values.T - guides[:, 0]) ** 2
    np.testing.assert_allclose(guides[5, 3] ** 2, left.mean(axis=0), atol=0.03)


def test_training_is_told_what_drawing_is_told(values):
    shapes = Shapes.of(values)
    rows, steps = np.arange(60) % len(values), np.arange(60) * 4
    whole = shapes.guides(rows)[steps, :, np.arange(60)] / 2**PLACES
    np.testing.assert_allclose(shapes.at(rows, steps), whole, atol=0.51 / 2**PLACES)


def test_fewer_signatures_than_components_have_shapes():
    values = np.zeros((3, 272), dtype=np.int8)
    values[1, :9] = 2
    shapes = Shapes.of(values)
    assert len(shapes) == 3
    assert shapes.scores.shape == (3, sum(COMPONENTS))
    np.testing.assert_allclose(shapes.guides(np.array([1]))[:9, 0, 0], 2 * 2**PLACES, atol=1)
