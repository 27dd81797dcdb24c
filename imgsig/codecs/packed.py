"""Codecs that put several values in a byte, always the same number of bytes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgsig.codecs.fixed_size import FixedSizeCodec, bytes_as_rows, rows_as_bytes
from imgsig.codecs.radix import convert_digits, digits_needed
from imgsig.errors import CodecError


class Packed(FixedSizeCodec):
    """Stores the kept values as one number, ``Σ digit_i · base^i``, little-endian.

    It takes the fewest whole bytes that hold every signature.

    >>> [len(Packed(strip).encode([0] * 648)) for strip in ("none", "border", "half")]
    [189, 158, 79]
    """

    codec_id = "packed"
    stored_type = bytes

    def _size(self, count: int) -> int:
        return digits_needed(count, self.base, 256)

    def _encode_digits(self, digits: NDArray[np.uint8]) -> list[Any]:
        return rows_as_bytes(convert_digits(digits, self.base, 256, self._size(digits.shape[1])))

    def _decode_digits(self, stored: Sequence[Any], count: int) -> NDArray[np.uint8]:
        try:
            return convert_digits(bytes_as_rows(stored), 256, self.base, count)
        except OverflowError as error:
            raise CodecError(f"{self!r} writes no number as large as this: damaged") from error


class Sign(Packed):
    """Stores the sign of each kept value, packed; how strong a difference is gets lost.

    Words hold no more than this either, see `imgsig.sign_words`. A signature of one level loses
    nothing.

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


class Bitplanes(FixedSizeCodec):
    """Stores one plane of sign bits (1 is negative), then the magnitudes' bits, highest first.

    Each plane is filled up to a whole byte with zeros; the first value is the highest bit. Planes
    can be compared by bit counts, without decoding.

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
