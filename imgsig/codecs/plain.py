"""Codecs that store every kept value by itself, as it is; and the one that stores nothing."""

from array import array
from collections.abc import Sequence
from itertools import chain
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgsig.codecs.base import Codec, base64_of_bytes, bytes_of_base64
from imgsig.codecs.fixed_size import FixedSizeCodec, bytes_as_rows, rows_as_bytes
from imgsig.errors import CodecError, ConfigError


class IntArray(FixedSizeCodec):
    """Stores the kept values as a list of integers.

    Over no strip that is the JSON array which image-match stores.

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
        wrong = CodecError(f"{self!r} stores values in {-self.n_levels}..{self.n_levels} only")
        try:  # several times as fast as an array of lists
            values = bytes_as_rows([array("b", form).tobytes() for form in stored]).view(np.int8)
        except OverflowError:
            raise wrong from None
        if values.min() < -self.n_levels or values.max() > self.n_levels:
            raise wrong
        return values.view(np.uint8) + np.uint8(self.n_levels)


class Int8(FixedSizeCodec):
    r"""Stores the kept values as signed bytes, two's complement.

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


class Int8Base64(Int8):
    """Stores the kept values as signed bytes in base64 without padding.

    >>> len(Int8Base64("none").encode([0] * 648)), len(Int8Base64("half").encode([0] * 648))
    (864, 363)
    """

    codec_id = "int8_base64"
    stored_type = str

    def _size(self, count: int) -> int:
        return -(-count * 4 // 3)

    def _encode_digits(self, digits: NDArray[np.uint8]) -> list[Any]:
        return [base64_of_bytes(form) for form in super()._encode_digits(digits)]

    def _decode_digits(self, stored: Sequence[Any], count: int) -> NDArray[np.uint8]:
        return super()._decode_digits([bytes_of_base64(text) for text in stored], count)


class NotStored(Codec):
    """Stores nothing; the words alone are indexed, and only the score can rank.

    >>> NotStored().encode([0] * 648) is None
    True
    """

    codec_id = "none"
    stored_type = type(None)
    lossless = False

    def __init__(self, strip: str = "none", **grid: Any) -> None:
        if strip != "none":
            raise ConfigError(
                f'codec "none" stores nothing to strip; leave strip out, not {strip!r}'
            )
        super().__init__(strip, **grid)

    def encode_batch(self, signatures: ArrayLike) -> list[Any]:
        """None for each signature, once they are found valid."""
        return [None] * len(self._checked(signatures))

    def decode_batch(self, stored: Sequence[Any]) -> NDArray[np.int8]:
        """Raise a `CodecError`: there is nothing to decode."""
        raise CodecError('codec "none" stores no signature; rank by score, or index another codec')

    def get_config(self) -> dict[str, Any]:
        """Return the canonical form, without a strip."""
        return {key: value for key, value in super().get_config().items() if key != "strip"}
