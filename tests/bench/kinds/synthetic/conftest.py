"""Synthetic signatures of a model that is at hand."""

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.kinds.synthetic.model import BLOCK, SyntheticModel, draw_block
from bench.kinds.synthetic.shape import GUIDES, Shapes
from imgsig import Grid
from imgsig.codecs.context_model import load_model


@pytest.fixture(scope="session")
def unguided() -> SyntheticModel:
    """The codec's model, which knows nothing of shapes."""
    shapes = Shapes.of(np.zeros((1, 272), dtype=np.int8))
    return SyntheticModel(
        load_model("context_v1"), np.zeros((4, 24, GUIDES), dtype=np.int16), shapes
    )


def draw(model: SyntheticModel, count: int, seed: int = 0) -> NDArray[np.int8]:
    """Draw signatures from a model: ``int8[count, 648]``, each value the negative of its mirror."""
    signatures = np.empty((count, Grid().length), dtype=np.int8)
    for number, start in enumerate(range(0, count, BLOCK)):
        signatures[start : start + BLOCK] = draw_block(model, seed, number)[: count - start]
    return signatures
