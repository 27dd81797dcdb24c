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
    "webp": (95, 75, 50, 20, 5),
    "avif": (95, 75, 50, 20, 5),
    "grey-noise": (0, 0.01, 0.05, 0.2),
    "vignette": (0, 0.5, 1, 2),
    "sharpen": (0, 50, 150, 400),
    "watermark": (0, 10, 20, 50),
    "emoji": (0, 10, 30, 60),
    "paint": (0, 10, 30, 60),
    "perspective": (0, 10, 20, 40, 80),
    "rounded-corners": (0, 10, 20, 50),
}
OF_COLOUR = {"saturation": (1, 0.7, 0.4, 0), "hue": (0, 15, 30, 90)}


def changes(family: str, strengths: tuple[float, ...], mode: str) -> list[float]:
    photograph = Image.fromarray(sklearn.datasets.load_sample_image("china.jpg")).convert(mode)
    pixels = np.asarray(photograph, dtype=np.float64)
    copies = [
        get_transform(f"{family}-{strength}")(photograph, np.random.default_rng(0))
        for strength in strengths
    ]
    return [float(np.abs(np.asarray(copy) - pixels).mean()) for copy in copies]


@pytest.mark.parametrize("family", MILD_TO_STRONG)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_change_grows_with_strength(family: str, mode: str) -> None:
    grown = changes(family, MILD_TO_STRONG[family], mode)
    assert all(milder < stronger for milder, stronger in itertools.pairwise(grown)), grown


@pytest.mark.parametrize("family", OF_COLOUR)
def test_change_of_colour_grows_with_strength(family: str) -> None:
    grown = changes(family, OF_COLOUR[family], "RGB")
    assert all(milder < stronger for milder, stronger in itertools.pairwise(grown)), grown
