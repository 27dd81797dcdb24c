"""The codec ``packed``: the fewest whole bytes that hold every signature."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgsig.codecs.fixed_size import FixedSizeCodec
from imgsig.codecs.radix import convert_digits, digits_needed
from imgsig.errors import CodecError


class Packed(FixedSizeCodec):
    """Stores the kept values as one number, ``Σ digit_i · base^i``, little-endian.

    Examples
    --------
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


def rows_as_bytes(rows: NDArray[np.uint8]) -> list[bytes]:
    r"""Each row of ``uint8[m, size]`` as bytes.

    Examples
    --------
    >>> rows_as_bytes(np.array([[1, 2], [3, 4]], dtype=np.uint8))
    [b'\x01\x02', b'\x03\x04']
    """
    data, size = rows.tobytes(), rows.shape[1]
    return [data[start : start + size] for start in range(0, len(data), size)]


def bytes_as_rows(stored: Sequence[bytes]) -> NDArray[np.uint8]:
    """Undo `rows_as_bytes` for one or more forms of one size.

    Examples
    --------
    >>> bytes_as_rows([b"ab", b"cd"]).tolist()
    [[97, 98], [99, 100]]
    """
    return np.frombuffer(b"".join(stored), dtype=np.uint8).reshape(len(stored), -1)
