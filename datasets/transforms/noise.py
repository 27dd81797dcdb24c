"""Grain added."""

from typing import ClassVar

import numpy as np
from numpy.random import Generator
from PIL import Image

from datasets.transforms.base import Transform

BAND = 1 << 20  # values a step, so that a large photograph never exists as floats as a whole


class Noise(Transform):
    """Gaussian noise, independent for each pixel and channel, clipped to the range."""

    family: ClassVar[str] = "noise"
    meaning: ClassVar[str] = "standard deviation as a share of full scale"
    limits: ClassVar[tuple[float, float]] = (0, 1)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 0.05

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        pixels = np.array(image)  # uint8, (height, width) or (height, width, 3)
        values = pixels.reshape(-1)
        sigma = np.float32(255 * self.strength)
        for start in range(0, values.size, BAND):
            band = values[start : start + BAND]
            noisy = rng.standard_normal(band.size, dtype=np.float32)
            noisy *= sigma
            noisy += band
            band[:] = np.rint(noisy, out=noisy).clip(0, 255)
        return Image.fromarray(pixels)
