"""Ways to spoil a file."""

from collections.abc import Callable

import numpy as np

#: From a file, another file and a source of chance to a spoilt file.
Mutation = Callable[[bytes, bytes, np.random.Generator], bytes]


def flip_bits(data: bytes, other: bytes, chance: np.random.Generator) -> bytes:
    """One to eight bits are inverted."""
    spoilt = bytearray(data)
    for at in chance.integers(0, len(data), chance.integers(1, 9)).tolist():
        spoilt[at] ^= 1 << int(chance.integers(0, 8))
    return bytes(spoilt)


def flip_head(data: bytes, other: bytes, chance: np.random.Generator) -> bytes:
    """One to four of the first 64 bytes are any others."""
    spoilt = bytearray(data)
    for at in chance.integers(0, min(64, len(data)), chance.integers(1, 5)).tolist():
        spoilt[at] = int(chance.integers(0, 256))
    return bytes(spoilt)


def truncate(data: bytes, other: bytes, chance: np.random.Generator) -> bytes:
    """The end is missing."""
    return data[: int(chance.integers(0, len(data)))]


def zero(data: bytes, other: bytes, chance: np.random.Generator) -> bytes:
    """A part is zeros."""
    return _with_part(data, chance, b"\0")


def fill(data: bytes, other: bytes, chance: np.random.Generator) -> bytes:
    """Up to eight bytes are 255: sizes and offsets as large as they can be."""
    at = int(chance.integers(0, len(data)))
    count = int(chance.integers(1, 9))
    return data[:at] + b"\xff" * count + data[at + count :]


def repeat(data: bytes, other: bytes, chance: np.random.Generator) -> bytes:
    """A part is there up to a hundred times."""
    first, last = _part(data, chance)
    return data[:last] + data[first:last] * int(chance.integers(1, 100)) + data[last:]


def drop(data: bytes, other: bytes, chance: np.random.Generator) -> bytes:
    """A part is missing."""
    first, last = _part(data, chance)
    return data[:first] + data[last:]


def splice(data: bytes, other: bytes, chance: np.random.Generator) -> bytes:
    """The beginning of one file, the end of another."""
    return data[: int(chance.integers(0, len(data)))] + other[int(chance.integers(0, len(other))) :]


MUTATIONS: tuple[Mutation, ...] = (
    flip_bits,
    flip_head,
    truncate,
    zero,
    fill,
    repeat,
    drop,
    splice,
)


def _part(data: bytes, chance: np.random.Generator) -> tuple[int, int]:
    first, last = sorted(chance.integers(0, len(data) + 1, 2).tolist())
    return first, last


def _with_part(data: bytes, chance: np.random.Generator, byte: bytes) -> bytes:
    first, last = _part(data, chance)
    return data[:first] + byte * (last - first) + data[last:]
