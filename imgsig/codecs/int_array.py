"""The codec ``int_array``: a JSON array of integers, what image-match stores."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgsig.codecs.fixed_size import FixedSizeCodec
from imgsig.errors import CodecError


class IntArray(FixedSizeCodec):
    """Stores the kept values as a list of integers.

    Examples
    --------
    >>> codec = IntArray(n=2, diagonal_neighbors=False, strip="half")
    >>> codec.encode([0, 0, 1, 2, 0, -1, 0, -1, -2, 0, 0, 0, 1, 0, 0, 0])
    [1, 2, -1, 0]
    """

    codec_id = "int_array"
    stored_type = list

    def _size(self, count: int) -> int:
        return count

    def _encode_digits(self, digits: NDArray[np.uint8]) -> list[Any]:
        values: list[Any] = (digits.astype(np.int16) - self.n_levels).tolist()
        return values

    def _decode_digits(self, stored: Sequence[Any], count: int) -> NDArray[np.uint8]:
        if set(map(type, chain.from_iterable(stored))) - {int}:
            raise CodecError(f"{self!r} stores integers only")
        lowest, highest = min(map(min, stored)), max(map(max, stored))
        if lowest < -self.n_levels or highest > self.n_levels:
            raise CodecError(f"{self!r} stores values in {-self.n_levels}..{self.n_levels} only")
        return (np.array(stored, dtype=np.int16) + self.n_levels).astype(np.uint8)
