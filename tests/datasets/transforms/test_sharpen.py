import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

from datasets.transforms import Sharpen


def test_an_edge_overshoots_on_both_sides_and_flat_parts_stay() -> None:
    pixels = np.full((40, 60), 100, np.uint8)
    pixels[:, 30:] = 150
    copy = np.asarray(Sharpen(150)(Image.fromarray(pixels), np.random.default_rng(0)))[20]
    assert copy[29] < 90
    assert copy[30] > 160
    assert set(copy[:15].tolist()) == {100}
    assert set(copy[45:].tolist()) == {150}


def test_agrees_with_its_definition() -> None:
    rows, columns = np.mgrid[:60, :60]
    pixels = (127 + 40 * np.sin(rows / 4) + 40 * np.cos(columns / 5)).astype(np.uint8)
    copy = np.asarray(Sharpen(100)(Image.fromarray(pixels), np.random.default_rng(0)), dtype=float)
    values = pixels.astype(float)
    expected = values + (values - gaussian_filter(values, 2, mode="nearest"))
    assert np.abs(copy - expected)[8:-8, 8:-8].max() < 4
