"""Codecs whose stored form has one size for each number of values."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgsig.codecs.base import Codec
from imgsig.errors import CodecError
from imgsig.strips import NoStrip, Strip


class FixedSizeCodec(Codec):
    """Stores digits ``0 .. base − 1``, one for each kept value.

    A signature whose left-out values do not follow from the kept ones is stored unstripped. The
    size of the stored form tells the two apart, so neither has a header.
    """

    @property
    def levels(self) -> int:
        """Values are stored as −levels..levels."""
        return self.n_levels

    @property
    def base(self) -> int:
        """Number of values that a digit distinguishes, ``2 · levels + 1``."""
        return 2 * self.levels + 1

    @abstractmethod
    def _encode_digits(self, digits: NDArray[np.uint8]) -> list[Any]:
        """Stored forms of ``uint8[m, count]`` digits, each of ``len`` ``_size(count)``."""

    @abstractmethod
    def _decode_digits(self, stored: Sequence[Any], count: int) -> NDArray[np.uint8]:
        """``uint8[m, count]`` digits of stored forms of that count; `CodecError` if not ours."""

    @abstractmethod
    def _size(self, count: int) -> int:
        """``len`` of the stored form of `count` values."""

    def encode_batch(self, signatures: ArrayLike) -> list[Any]:
        """Encode many signatures: ``int8[m, length]`` to m stored forms, as `encode` each."""
        values = self._checked(signatures)
        if not len(values):
            return []
        regular = self.strip.is_regular(values)
        if regular.all():
            return self._encode_digits(self._digits(self.strip.keep(values)))
        stored: list[Any] = [None] * len(values)
        for strip, rows in (
            (self.strip, np.flatnonzero(regular)),
            (NoStrip(self.grid), np.flatnonzero(~regular)),
        ):
            if rows.size:
                forms = self._encode_digits(self._digits(strip.keep(values[rows])))
                for row, form in zip(rows.tolist(), forms, strict=True):
                    stored[row] = form
        return stored

    def decode_batch(self, stored: Sequence[Any]) -> NDArray[np.int8]:
        """Decode many stored forms to ``int8[m, length]``, as `decode` each."""
        self._check_type(stored)
        if not stored:
            return np.empty((0, self.grid.length), dtype=np.int8)
        sizes = np.fromiter(map(len, stored), dtype=np.intp, count=len(stored))
        signatures = np.empty((len(stored), self.grid.length), dtype=np.int8)
        pending = np.ones(len(stored), dtype=np.bool_)
        for strip in (self.strip, NoStrip(self.grid)):
            found = pending & (sizes == self._size(strip.count))
            if found.all():
                return self._decode_stripped(stored, strip)
            rows = np.flatnonzero(found)
            if rows.size:
                signatures[rows] = self._decode_stripped(
                    [stored[row] for row in rows.tolist()], strip
                )
            pending &= ~found
        if pending.any():
            raise CodecError(
                f"{self!r} writes no stored form of size {int(sizes[pending][0])}; is it of "
                "another codec or strip?"
            )
        return signatures

    def decode_kept(self, stored: Sequence[Any]) -> NDArray[np.int8] | None:
        """Decode to the values that the strip keeps, without building whole signatures.

        ``int8[m, count]``; None if any is stored unstripped. `CodecError` if no encoder wrote it.
        """
        self._check_type(stored)
        if set(map(len, stored)) != {self._size(self.strip.count)}:
            return None
        return self._values(self._checked_digits(stored, self.strip.count))

    def _checked_digits(self, stored: Sequence[Any], count: int) -> NDArray[np.uint8]:
        digits = self._decode_digits(stored, count)
        if digits.size and digits.max() >= self.base:
            raise CodecError(f"{self!r} stores no value above {self.levels}: damaged")
        return digits

    def _decode_stripped(self, stored: Sequence[Any], strip: Strip) -> NDArray[np.int8]:
        signatures = strip.restore(self._values(self._checked_digits(stored, strip.count)))
        if strip.strip_id != self.strip.strip_id and self.strip.is_regular(signatures).any():
            raise CodecError(f"{self!r} would have stored this signature stripped: not ours")
        return signatures

    def _digits(self, values: NDArray[np.int8]) -> NDArray[np.uint8]:
        """Shift values to 0 .. base − 1; bytes wrap around to the right result."""
        digits: NDArray[np.uint8] = values.view(np.uint8) + np.uint8(self.levels)
        return digits

    def _values(self, digits: NDArray[np.uint8]) -> NDArray[np.int8]:
        """Undo `_digits`."""
        values: NDArray[np.int8] = (digits - np.uint8(self.levels)).view(np.int8)
        return values


def rows_as_bytes(rows: NDArray[np.uint8]) -> list[bytes]:
    r"""Each row of ``uint8[m, size]`` as bytes.

    >>> rows_as_bytes(np.array([[1, 2], [3, 4]], dtype=np.uint8))
    [b'\x01\x02', b'\x03\x04']
    """
    data, size = rows.tobytes(), rows.shape[1]
    return [data[start : start + size] for start in range(0, len(data), size)]


def bytes_as_rows(stored: Sequence[bytes]) -> NDArray[np.uint8]:
    """Undo `rows_as_bytes` for one or more forms of one size.

    >>> bytes_as_rows([b"ab", b"cd"]).tolist()
    [[97, 98], [99, 100]]
    """
    return np.frombuffer(b"".join(stored), dtype=np.uint8).reshape(len(stored), -1)
