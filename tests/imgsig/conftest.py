"""Reference values that several test files compare with."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import skimage

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
