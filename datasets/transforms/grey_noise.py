"""Grain without colour."""

from typing import ClassVar

import numpy as np
from numpy.random import Generator
from PIL import Image

from datasets.transforms.base import Transform
from datasets.transforms.noise import add_gaussian


class GreyNoise(Transform):
    """Gaussian noise, independent for each pixel but the same in its channels, clipped.

    ``grey-noise-0.2`` is perception's ``noise0.2``: it was made with imgaug, whose noise is one
    draw for all channels unless asked otherwise.
    """

    family: ClassVar[str] = "grey-noise"
    meaning: ClassVar[str] = "standard deviation as a share of full scale"
    limits: ClassVar[tuple[float, float]] = (0, 1)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 0.2

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        pixels = np.array(image)  # uint8, (height, width) or (height, width, 3)
        add_gaussian(pixels.reshape(image.width * image.height, -1), self.strength, rng)
        return Image.fromarray(pixels)
