"""The codec ``int8``: one byte a value."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from imgsig.codecs.fixed_size import FixedSizeCodec
from imgsig.codecs.packed import bytes_as_rows, rows_as_bytes


class Int8(FixedSizeCodec):
    r"""Stores the kept values as signed bytes, two's complement.

    Examples
    --------
    >>> codec = Int8(n=2, diagonal_neighbors=False, strip="half")
    >>> codec.encode([0, 0, 1, 2, 0, -1, 0, -1, -2, 0, 0, 0, 1, 0, 0, 0])
    b'\x01\x02\xff\x00'
    """

    codec_id = "int8"
    stored_type: ClassVar[type] = bytes

    def _size(self, count: int) -> int:
        return count

    def _encode_digits(self, digits: NDArray[np.uint8]) -> list[Any]:
        return rows_as_bytes(digits - np.uint8(self.levels))

    def _decode_digits(self, stored: Sequence[Any], count: int) -> NDArray[np.uint8]:
        return bytes_as_rows(stored) + np.uint8(self.levels)
