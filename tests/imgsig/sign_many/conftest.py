"""Small pictures as files."""

import numpy as np
import pytest
from PIL import Image


@pytest.fixture(scope="session")
def pictures(tmp_path_factory) -> list[str]:
    """Paths of eight different pictures of different sizes, PNG and JPEG."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(5)
    paths = []
    for number in range(8):
        size = (90 + 40 * number, 120)
        coarse = Image.fromarray(rng.integers(0, 256, (7, 9, 3), dtype=np.uint8))
        path = folder / f"{number}.{'png' if number % 2 else 'jpg'}"
        coarse.resize(size, Image.Resampling.BICUBIC).save(path)
        paths.append(str(path))
    return paths
