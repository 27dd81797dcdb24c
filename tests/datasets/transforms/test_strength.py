"""Stronger edits change more of a photograph."""

import itertools

import numpy as np
import pytest
import sklearn.datasets
from PIL import Image

from datasets.transforms import get_transform

MILD_TO_STRONG = {
    "jpeg": (95, 75, 50, 30, 15, 5),
    "blur": (0, 0.5, 1, 2, 5, 20),
    "noise": (0, 0.01, 0.05, 0.1, 0.3),
    "gamma": (1, 1.2, 1.5, 2, 4),
    "contrast": (1, 0.8, 0.5, 0.2),
    "brightness": (1, 1.1, 1.3, 2),
    "rotate": (0, 1, 2, 4, 10),
}


@pytest.mark.parametrize("family", MILD_TO_STRONG)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_change_grows_with_strength(family: str, mode: str) -> None:
    photograph = Image.fromarray(sklearn.datasets.load_sample_image("china.jpg")).convert(mode)
    pixels = np.asarray(photograph, dtype=np.float64)
    changes = [
        np.abs(
            np.asarray(get_transform(f"{family}-{strength}")(photograph, np.random.default_rng(0)))
            - pixels
        ).mean()
        for strength in MILD_TO_STRONG[family]
    ]
    assert all(milder < stronger for milder, stronger in itertools.pairwise(changes)), changes
