import numpy as np
import pytest
import scipy.ndimage
import skimage.data
from PIL import Image

from datasets.transforms import Blur


@pytest.mark.parametrize("sigma", [1, 2, 5])
def test_close_to_the_exact_gaussian(sigma: int) -> None:
    pixels = skimage.data.camera()  # type: ignore[no-untyped-call]
    copy = np.asarray(Blur(sigma)(Image.fromarray(pixels), np.random.default_rng(0)))
    exact = scipy.ndimage.gaussian_filter(pixels.astype(float), sigma, mode="nearest")
    assert np.abs(copy - exact).mean() < 1


def test_a_flat_picture_stays_flat() -> None:
    image = Image.new("RGB", (32, 32), (10, 100, 200))
    assert Blur(50)(image, np.random.default_rng(0)).tobytes() == image.tobytes()
