"""Dark corners."""

from typing import ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from datasets.transforms.base import Transform

BAND = 256  # rows a step, so that a large photograph never exists as floats as a whole


class Vignette(Transform):
    """Every value times a Gaussian of its place, which is 1 in the middle.

    The Gaussian stretches with the picture. ``vignette-1`` is perception's ``vignette``, whose
    standard deviations are half the width and half the height.
    """

    family: ClassVar[str] = "vignette"
    meaning: ClassVar[str] = "standard deviations from the middle to each edge"
    limits: ClassVar[tuple[float, float]] = (0, 3)
    neutral: ClassVar[float] = 0
    typical: ClassVar[float] = 1

    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        pixels = np.array(image)  # uint8, (height, width) or (height, width, 3)
        values = pixels.reshape(image.height, image.width, -1)
        across, down = self._bell(image.width), self._bell(image.height)
        for top in range(0, image.height, BAND):
            rows = slice(top, top + BAND)
            light = down[rows, None] * across
            values[rows] = np.rint(values[rows] * light[:, :, None])
        return Image.fromarray(pixels)

    def _bell(self, side: int) -> NDArray[np.float32]:
        places = (np.arange(side) - (side - 1) / 2) / (side / 2)
        bell: NDArray[np.float32] = np.exp(-0.5 * (self.strength * places) ** 2).astype(np.float32)
        return bell
