"""A few made photographs, their crops, and no network."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from bench.kinds.codecs.crops import Crops, sign_crops
from datasets import Collection, open_collection


@pytest.fixture(scope="session")
def collection(tmp_path_factory) -> Collection:
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    for number in range(8):
        noise = rng.integers(0, 256, (24, 32, 3)).astype(np.uint8)
        picture = Image.fromarray(noise).resize((256, 192), Image.Resampling.BICUBIC)
        picture.filter(ImageFilter.GaussianBlur(6)).save(folder / f"{number}.png")
    return open_collection(f"folder:{folder}")


@pytest.fixture(scope="session")
def crops(collection) -> Crops:
    return sign_crops(collection, count=12, jobs=1)
