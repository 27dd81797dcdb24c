import numpy as np
import pytest
from PIL import Image
from skimage.exposure import adjust_gamma

from datasets.transforms import Gamma

RAMP = np.arange(256, dtype=np.uint8).reshape(16, 16)


@pytest.mark.parametrize("gamma", [0.1, 0.5, 1, 2, 10])
@pytest.mark.parametrize("bands", [1, 3])
def test_agrees_with_scikit_image(gamma: float, bands: int) -> None:
    pixels = RAMP if bands == 1 else np.dstack([RAMP, RAMP[::-1], RAMP.T])
    copy = np.asarray(Gamma(gamma)(Image.fromarray(pixels), np.random.default_rng(0)))
    # scikit-image cuts decimals off where this rounds.
    expected = adjust_gamma(pixels, gamma)  # type: ignore[no-untyped-call]
    assert np.abs(copy - expected.astype(int)).max() <= 1


def test_black_and_white_stay_and_the_middle_darkens() -> None:
    copy = np.asarray(Gamma(2)(Image.fromarray(RAMP), np.random.default_rng(0))).ravel()
    assert (copy[0], copy[128], copy[255]) == (0, 64, 255)
