import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import binary_erosion
from skimage.transform import ProjectiveTransform, warp

from datasets.transforms import Perspective

WHITE = Image.new("L", (200, 200), 255)


def widths(copy: NDArray[np.uint8]) -> NDArray[np.int64]:
    """White pixels of each line from the far side to the near one."""
    white = copy > 127
    sides = [white[0].sum(), white[-1].sum(), white[:, 0].sum(), white[:, -1].sum()]
    # Of the two slanted sides only a corner touches the edge.
    lines: NDArray[np.int64] = white.sum(axis=1 if min(sides[2:]) < min(sides[:2]) else 0)
    return lines if lines[0] < lines[-1] else lines[::-1]


@pytest.mark.parametrize("percent", [10, 40, 80])
@pytest.mark.parametrize("seed", range(4))
def test_the_far_side_is_shorter_and_the_near_one_is_whole(percent: int, seed: int) -> None:
    copy = np.asarray(Perspective(percent)(WHITE, np.random.default_rng(seed)))
    lines = widths(copy)
    assert lines[0] == pytest.approx(200 * (1 - percent / 100), abs=3)
    assert lines[-1] == pytest.approx(200, abs=2)
    assert (np.diff(lines) >= 0).all()


def test_every_side_is_the_far_one_for_some_seed() -> None:
    assert len({Perspective(30)(WHITE, np.random.default_rng(s)).tobytes() for s in range(20)}) == 4


def test_agrees_with_scikit_image() -> None:
    rows, columns = np.mgrid[:120, :160]
    pixels = (127 + 60 * np.sin(rows / 15) + 60 * np.cos(columns / 12)).astype(np.uint8)
    top = next(s for s in range(20) if np.random.default_rng(s).integers(4) == 0)
    copy = np.asarray(Perspective(40)(Image.fromarray(pixels), np.random.default_rng(top)))
    near = [(0, 0), (160, 0), (160, 120), (0, 120)]
    far = [(32, 0), (128, 0), (160, 120), (0, 120)]
    shape = ProjectiveTransform.from_estimate(  # type: ignore[no-untyped-call]
        np.array(far) - 0.5, np.array(near) - 0.5
    )
    expected = warp(pixels, shape, order=3, preserve_range=True)  # type: ignore[no-untyped-call]
    inside = warp(np.ones_like(pixels, dtype=float), shape) > 0.999  # type: ignore[no-untyped-call]
    inside = binary_erosion(inside, iterations=3)
    assert inside.mean() > 0.5
    assert np.abs(copy - expected)[inside].max() < 3
    assert np.abs(copy - expected)[inside].mean() < 1
