"""The codec ``bitplanes``: all signs, then all magnitudes bit by bit."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgsig.codecs.fixed_size import FixedSizeCodec
from imgsig.codecs.packed import bytes_as_rows, rows_as_bytes
from imgsig.errors import CodecError


class Bitplanes(FixedSizeCodec):
    """Stores one plane of sign bits (1 is negative), then the magnitudes' bits, highest first.

    Each plane is filled up to a whole byte with zeros; the first value is the highest bit. Planes
    can be compared by bit counts, without decoding.

    Examples
    --------
    >>> [len(Bitplanes(strip).encode([0] * 648)) for strip in ("none", "border", "half")]
    [243, 204, 102]
    """

    codec_id = "bitplanes"
    stored_type = bytes

    @property
    def magnitude_bits(self) -> int:
        """Planes of magnitude."""
        return self.levels.bit_length()

    def _size(self, count: int) -> int:
        return (1 + self.magnitude_bits) * -(-count // 8)

    def _encode_digits(self, digits: NDArray[np.uint8]) -> list[Any]:
        values = digits.astype(np.int16) - self.levels
        magnitudes = np.abs(values).astype(np.uint8)
        shifts = range(self.magnitude_bits - 1, -1, -1)
        signs = (values < 0).astype(np.uint8)
        planes = [signs, *(magnitudes >> np.uint8(shift) & np.uint8(1) for shift in shifts)]
        return rows_as_bytes(np.concatenate([np.packbits(p, axis=1) for p in planes], axis=1))

    def _decode_digits(self, stored: Sequence[Any], count: int) -> NDArray[np.uint8]:
        rows = bytes_as_rows(stored)
        planes = np.unpackbits(rows.reshape(len(rows), 1 + self.magnitude_bits, -1), axis=2)
        if planes[:, :, count:].any():
            raise CodecError(f"{self!r} fills planes up with zeros only: damaged")
        negative = planes[:, 0, :count].astype(np.bool_)
        magnitudes = np.zeros(negative.shape, dtype=np.int16)
        for plane in range(1, 1 + self.magnitude_bits):
            magnitudes = magnitudes << 1 | planes[:, plane, :count]
        if magnitudes.max() > self.levels or (negative & (magnitudes == 0)).any():
            raise CodecError(f"{self!r} stores no such value: damaged")
        return (np.where(negative, -magnitudes, magnitudes) + self.levels).astype(np.uint8)
