"""Training of the dictionary of the codec ``zstd_dict``."""

import numpy as np
import zstandard
from numpy.typing import NDArray

from imgsig.grid import Grid
from imgsig.strips import HalfStrip


def train_dictionary(
    signatures: NDArray[np.int8], *, size: int = 16_384, samples: int = 20_000, seed: int = 0
) -> bytes:
    """Train a Zstandard dictionary on free values, one byte each.

    Parameters
    ----------
    signatures : ndarray
        ``int8[m, 648]``, regular.
    """
    chosen = np.random.default_rng(seed).permutation(len(signatures))[:samples]
    kept = HalfStrip(Grid()).keep(signatures[chosen])
    return zstandard.train_dictionary(size, [row.tobytes() for row in kept]).as_bytes()
