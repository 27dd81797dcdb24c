"""Reference values that several test files compare with."""

import runpy
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import skimage
from skimage.color import rgb2gray

FIXTURE = Path(__file__).parent / "fixture"


@pytest.fixture(scope="session")
def golden() -> Mapping[str, np.ndarray]:
    """Signatures, words and distances of the reference implementation."""
    with np.load(FIXTURE / "golden.npz") as arrays:
        return dict(arrays)


@pytest.fixture(scope="session")
def golden_paths(golden) -> list[Path]:
    """The picture files of the golden signatures, in their order."""
    bundled = Path(skimage.__file__).parent / "data"
    here = [FIXTURE / name for name in golden["names"]]
    return [path if path.exists() else bundled / path.name for path in here]


@pytest.fixture(scope="session")
def mona_lisas() -> tuple[Path, Path]:
    return FIXTURE / "MonaLisa_WikiImages.jpg", FIXTURE / "MonaLisa_Wikipedia.jpg"


@pytest.fixture(scope="session")
def many() -> list[tuple[str, bytes, np.ndarray]]:
    """Name, PNG file and the reference's signature of 1,100 made pictures."""
    pictures = runpy.run_path(str(FIXTURE / "many.py"))["pictures"]()
    with np.load(FIXTURE / "many.npz") as arrays:
        signatures = arrays["signatures"]
    return [
        (name, data, expected) for (name, data), expected in zip(pictures, signatures, strict=True)
    ]


@pytest.fixture(scope="session")
def signatures() -> np.ndarray:
    """Signatures of 29 pictures, and 261 more with some of their differences turned round."""
    return runpy.run_path(str(FIXTURE / "turned.py"))["signatures"]()


@pytest.fixture(scope="session")
def plain_limits() -> Callable[..., tuple[int, int]]:
    """The reference's limits of rows (axis 0) or columns (axis 1), step by step."""

    def limits(grey: np.ndarray, axis: int, lower: float, upper: float) -> tuple[int, int]:
        along = 1 - axis
        total = np.cumsum(np.sum(np.abs(np.diff(grey, axis=along)), axis=along))
        first = int(np.searchsorted(total, np.percentile(total, lower), side="right"))
        last = int(np.searchsorted(total, np.percentile(total, upper), side="left"))
        if first > last:
            return int(lower / 100 * len(total)), int(upper / 100 * len(total))
        return first, last

    return limits


@pytest.fixture(scope="session")
def plain_signature(plain_limits) -> Callable[[np.ndarray], np.ndarray]:
    """The reference with its default parameters: every pixel, one step after the other."""

    def signature(pixels: np.ndarray) -> np.ndarray:
        grey = rgb2gray(pixels) if pixels.ndim == 3 else pixels
        points = [
            np.linspace(*plain_limits(grey, axis, 5, 95), 11, dtype=int)[1:-1] for axis in (0, 1)
        ]
        side = max(2.0, int(0.5 + min(grey.shape) / 20.0))
        means = np.zeros((9, 9))
        for i, row in enumerate(points[0]):
            top = int(max(row - side / 2, 0))
            for j, column in enumerate(points[1]):
                left = int(max(column - side / 2, 0))
                bottom, right = min(top + side, grey.shape[0]), min(left + side, grey.shape[1])
                means[i, j] = np.mean(grey[top : int(bottom), left : int(right)])
        differences = np.zeros((9, 9, 8))
        steps = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]
        for i, j, number in np.ndindex(9, 9, 8):
            there = i + steps[number][0], j + steps[number][1]
            if min(there) >= 0 and max(there) < 9:
                differences[i, j, number] = means[i, j] - means[there]
        return _binned(differences.ravel())

    return signature


def _binned(values: np.ndarray) -> np.ndarray:
    values[np.abs(values) < 2 / 255.0] = 0.0
    if values.any():
        up = np.percentile(values[values > 0], [0, 50, 100])
        down = np.percentile(values[values < 0], [100, 50, 0])
        for level in range(2):
            values[(values >= up[level]) & (values <= up[level + 1])] = level + 1
        for level in range(2):
            values[(values <= down[level]) & (values >= down[level + 1])] = -(level + 1)
    return values.astype(np.int8)
