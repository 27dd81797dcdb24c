"""Asymmetric numeral systems: many messages of equal length coded side by side.

The range variant (rANS) with a 64-bit state that takes and gives 32-bit words. The state starts at
0 and is stored in as few bytes as it needs. A message takes its information content, rounded up to
whole bytes, and at most the precision of the symbol that is coded first, its last; so that one is
best coded with few bits. Coding is a bijection: of every byte string, either one message has that
code, or the decoder refuses it.

Duda: "Asymmetric numeral systems: entropy coding combining speed of Huffman coding with compression
rate of arithmetic coding", arXiv:1311.2540, 2013.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

#: While words are outstanding the state is at least 2^31, and always below 2^63.
LOW = np.uint64(2**31)
_WORD = np.uint64(32)


def encode(
    frequencies: NDArray[np.uint32], starts: NDArray[np.uint32], precisions: Sequence[int]
) -> list[bytes]:
    """Code m messages of `steps` symbols.

    Frequencies and starts are ``uint32[steps, m]``: of each symbol, how many of ``2 ** precision``
    it takes, and the sum of those before it. A precision, one a step, is at most 16.

    >>> halves = np.full((16, 1), 2, dtype=np.uint32)
    >>> encode(halves, halves, [2] * 16)[0].hex()
    '01fffe'
    """
    steps, m = frequencies.shape
    state = np.zeros(m, dtype=np.uint64)
    words = np.empty((steps, m), dtype=np.uint32)
    counts = np.zeros(m, dtype=np.intp)
    for step in range(steps - 1, -1, -1):
        frequency = frequencies[step].astype(np.uint64)
        full = np.flatnonzero(state >= frequency << np.uint64(63 - precisions[step]))
        if full.size:
            words[counts[full], full] = state[full].astype(np.uint32)
            counts[full] += 1
            state[full] >>= _WORD
        quotient = state // frequency
        state -= quotient * frequency
        state += (quotient << np.uint64(precisions[step])) + starts[step]
    most = int(counts.max(initial=0))
    # The decoder needs the last word first.
    data = words[:most].T[:, ::-1].astype(">u4").tobytes()
    codes = []
    for row, (number, count) in enumerate(zip(state.tolist(), counts.tolist(), strict=True)):
        end = (row + 1) * most * 4
        head = number.to_bytes((number.bit_length() + 7) // 8, "big")
        codes.append(head + data[end - 4 * count : end])
    return codes


class Decoder:
    """Decodes m messages side by side, a symbol of each at a time.

    `ValueError` if a code begins as none does that `encode` returns.
    """

    def __init__(self, codes: Sequence[bytes]) -> None:
        heads = [_head_size(code) for code in codes]
        states = [
            int.from_bytes(code[:head], "big") for code, head in zip(codes, heads, strict=True)
        ]
        self._state = np.array(states, dtype=np.uint64)
        sizes = np.array([len(code) for code in codes], dtype=np.intp)
        self._left = (sizes - np.array(heads, dtype=np.intp)) // 4
        most = int(self._left.max(initial=0))
        tails = b"".join(
            code[head:].ljust(4 * most, b"\0") for code, head in zip(codes, heads, strict=True)
        )
        self._words = np.frombuffer(tails, dtype=">u4").reshape(len(codes), most).astype(np.uint64)
        self._next = np.zeros(len(codes), dtype=np.intp)
        self._columns = np.arange(len(codes))

    def decode(self, ends: NDArray[np.uint32], precision: int) -> NDArray[np.int8]:
        """Take the next symbol of every message.

        The ends are ``uint32[symbols + 1, m]``, ascending from 0 to ``2 ** precision``: symbol i
        takes what lies between rows i and i + 1. Gives ``int8[m]``.
        """
        slot = (self._state & np.uint64(2**precision - 1)).astype(np.uint32)
        symbols = np.zeros(len(slot), dtype=np.int8)
        for end in ends[1:-1]:
            symbols += (slot >= end).view(np.int8)
        index = symbols * np.intp(len(slot))
        index += self._columns
        start = ends.take(index)
        index += len(slot)
        frequency = ends.take(index) - start
        slot -= start
        state = self._state
        state >>= np.uint64(precision)
        state *= frequency
        state += slot
        wanting = np.flatnonzero((state < LOW) & (self._left > 0))
        if wanting.size:
            state[wanting] = state[wanting] << _WORD | self._words[wanting, self._next[wanting]]
            self._next[wanting] += 1
            self._left[wanting] -= 1
        return symbols

    def at_end(self) -> NDArray[np.bool_]:
        """Of each message, whether its code ended as `encode` ends it; ``bool[m]``."""
        ended: NDArray[np.bool_] = (self._state == 0) & (self._left == 0)
        return ended


def _head_size(code: bytes) -> int:
    """Bytes of the state at the beginning of a code."""
    if code[:1] == b"\0":
        raise ValueError("a code does not begin with a zero byte")
    if len(code) < 8:
        return len(code)
    # A whole number of words: the state takes one or two. One is at least 2^31, two below 2^63.
    return 4 + len(code) % 4 if len(code) % 4 or code[0] >= 0x80 else 8
