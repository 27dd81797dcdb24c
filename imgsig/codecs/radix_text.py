"""Text in a number base: the kept values as one large number, written with many digits."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgsig.codecs.fixed_size import FixedSizeCodec
from imgsig.codecs.radix import MAX_INT_DIGITS, convert_digits, digits_needed, digits_of_int
from imgsig.errors import CodecError

#: 0-9, A-Z, a-z, then what JSON needs no escape for (RFC 1924). The first 62 are in ASCII order,
#: so that texts of equal length sort as the numbers do.
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_ASCII = np.frombuffer(DIGITS.encode(), dtype=np.uint8)
_ASCII_TABLE = DIGITS.encode().ljust(256, b"?")
#: Digit of each byte, 255 for bytes that are none.
_DIGIT_OF = np.full(256, 255, dtype=np.uint8)
_DIGIT_OF[_ASCII] = np.arange(len(DIGITS))


class RadixText(FixedSizeCodec):
    """Stores ``Σ digit_i · base^i`` of the kept values as text of fixed width.

    Fixed, because the width then tells a stripped signature from an unstripped one.
    """

    stored_type = str
    radix: ClassVar[int]

    def encode(self, signature: ArrayLike) -> Any:
        """Encode one signature, as `Codec.encode` does.

        One alone is faster as a Python integer, and what is no digit then shows by itself.
        """
        if (
            isinstance(signature, np.ndarray)
            and signature.dtype == np.int8
            and signature.shape == (self.grid.length,)
            and self._digit_of_value is not None
        ):
            row = signature[np.newaxis]
            if self.strip.is_regular(row)[0]:
                kept = self.strip.keep(row).tobytes()[::-1]
                try:
                    number = int(kept.translate(self._digit_of_value), self.base)
                except ValueError:
                    return super().encode(signature)  # says what is wrong
                digits = digits_of_int(number, self.radix, self._size(len(kept)))
                return digits[::-1].translate(_ASCII_TABLE).decode("ascii")
        return super().encode(signature)

    @cached_property
    def _digit_of_value(self) -> bytes | None:
        """Of each byte that is a value, the digit that int() reads; None if it reads none."""
        if self.base > 36 or self.grid.length > MAX_INT_DIGITS:
            return None
        table = bytearray(b"?" * 256)
        for digit in range(self.base):
            table[(digit - self.levels) % 256] = ord("0123456789abcdefghijklmnopqrstuvwxyz"[digit])
        return bytes(table)

    def _size(self, count: int) -> int:
        return digits_needed(count, self.base, self.radix)

    def _encode_digits(self, digits: NDArray[np.uint8]) -> list[Any]:
        width = self._size(digits.shape[1])
        text = convert_digits(digits, self.base, self.radix, width)
        joined = _ASCII[text[:, ::-1]].tobytes().decode("ascii")
        return [joined[start : start + width] for start in range(0, len(joined), width)]

    def _decode_digits(self, stored: Sequence[Any], count: int) -> NDArray[np.uint8]:
        try:
            joined = "".join(stored).encode("ascii")
        except UnicodeEncodeError as error:
            raise CodecError(f"{self!r} writes the digits {DIGITS[: self.radix]} only") from error
        text = _DIGIT_OF[np.frombuffer(joined, dtype=np.uint8)].reshape(len(stored), -1)[:, ::-1]
        if text.max() >= self.radix:
            raise CodecError(f"{self!r} writes the digits {DIGITS[: self.radix]} only")
        try:
            return convert_digits(text, self.radix, self.base, count)
        except OverflowError as error:
            raise CodecError(f"{self!r} writes no number as large as this: damaged") from error


class Base36(RadixText):
    """Stores the kept values as one number in base 36, 292 characters by default.

    >>> len(Base36(strip="none").encode([0] * 648)), len(Base36(strip="half").encode([0] * 648))
    (292, 123)
    """

    codec_id = "base36"
    radix = 36


class Base62(RadixText):
    """Stores the kept values as one number in base 62, 253 characters by default.

    >>> len(Base62(strip="none").encode([0] * 648)), len(Base62(strip="half").encode([0] * 648))
    (253, 107)
    """

    codec_id = "base62"
    radix = 62


class Base85(RadixText):
    """Stores the kept values as one number in base 85, with the digits of RFC 1924.

    JSON escapes none of them, so this is the shortest ASCII text of the radix codecs.

    >>> len(Base85(strip="none").encode([0] * 648)), len(Base85(strip="half").encode([0] * 648))
    (235, 99)
    """

    codec_id = "base85"
    radix = 85
