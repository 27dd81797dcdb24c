"""The codec ``three_per_byte``: several whole values in each byte, as libpuzzle packs its own."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgsig.codecs.fixed_size import FixedSizeCodec
from imgsig.codecs.packed import bytes_as_rows, rows_as_bytes
from imgsig.errors import CodecError


class ThreePerByte(FixedSizeCodec):
    """Stores three values of five levels in a byte, ``Σ digit_i · 5^i``, the first least.

    Of other bases, as many digits as fit a byte: five of three levels, one of more than fifteen.

    Notes
    -----
    libpuzzle's ``puzzle_compress_cvec`` stores three values a byte too.

    Examples
    --------
    >>> [len(ThreePerByte(strip).encode([0] * 648)) for strip in ("none", "border", "half")]
    [216, 182, 91]
    """

    codec_id = "three_per_byte"
    stored_type = bytes

    @property
    def per_byte(self) -> int:
        """Values in a byte."""
        count = 1
        while self.base ** (count + 1) <= 256:
            count += 1
        return count

    def _size(self, count: int) -> int:
        return -(-count // self.per_byte)

    def _encode_digits(self, digits: NDArray[np.uint8]) -> list[Any]:
        m, count = digits.shape
        padded = np.zeros((m, self._size(count) * self.per_byte), dtype=np.uint8)
        padded[:, :count] = digits
        rows = padded[:, :: self.per_byte].copy()
        for position in range(1, self.per_byte):
            rows += padded[:, position :: self.per_byte] * np.uint8(self.base**position)
        return rows_as_bytes(rows)

    def _decode_digits(self, stored: Sequence[Any], count: int) -> NDArray[np.uint8]:
        rows = bytes_as_rows(stored)
        digits = np.empty((*rows.shape, self.per_byte), dtype=np.uint8)
        for position in range(self.per_byte):
            rest = rows // np.uint8(self.base)
            digits[..., position] = rows - rest * np.uint8(self.base)
            rows = rest
        flat = digits.reshape(len(digits), -1)
        if rows.any() or flat[:, count:].any():
            raise CodecError(f"{self!r} writes no byte of that value: damaged")
        return flat[:, :count]
