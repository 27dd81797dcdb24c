"""The codec ``sign``: −1, 0 or 1 for each value; lossy."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgsig.codecs.packed import Packed


class Sign(Packed):
    """Stores the sign of each kept value, packed; how strong a difference is gets lost.

    Words hold no more than this either, see `imgsig.sign_words`. A signature of one level loses
    nothing.

    Examples
    --------
    >>> [len(Sign(strip).encode([0] * 648)) for strip in ("none", "border", "half")]
    [129, 108, 54]
    """

    codec_id = "sign"
    lossless = False

    @property
    def levels(self) -> int:
        """One: values are stored as −1, 0 or 1."""
        return 1

    def _checked(self, signatures: ArrayLike) -> NDArray[np.int8]:
        return np.sign(super()._checked(signatures))
