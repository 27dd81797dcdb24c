"""Grain added."""

from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from datasets.transforms.base import Transform

BAND = 1 << 20  # rows a step, so that a large photograph never exists as floats as a whole


def add_gaussian(values: NDArray[np.uint8], share: float, rng: Generator) -> None:
    """Add normal noise in place, one draw a row, clipped to the range.

    Parameters
    ----------
    values : uint8[n, m]
        What is in a row gets the same noise.
    share : float
        Standard deviation as a share of full scale.
    rng : numpy.random.Generator
        Source of the noise.
    """
    sigma = np.float32(255 * share)
    for start in range(0, len(values), BAND):
        band = values[start : start + BAND]
        noisy: NDArray[Any] = rng.standard_normal((len(band), 1), dtype=np.float32)
        noisy *= sigma
        noisy = noisy + band
        band[:] = np.rint(noisy, out=noisy).clip(0, 255)


class Noise(Transform):
    """Gaussian noise, independent for each pixel and channel, clipped to the range."""

    family: ClassVar[str] = "noise"
    meaning: ClassVar[str] = "standard deviation as a share of full scale"
    limits: ClassVar[tuple[float, float]] = (0, 1)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 0.05

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        pixels = np.array(image)  # uint8, (height, width) or (height, width, 3)
        add_gaussian(pixels.reshape(-1, 1), self.strength, rng)
        return Image.fromarray(pixels)
