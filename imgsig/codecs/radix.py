"""Numbers from one base to another, many at once and exactly.

A number is a row of digits, least significant first. Many numbers are converted by one matrix
product: row i of the matrix holds ``base_in ** i`` in limbs, groups of digits of the other base
that are small enough for every sum to be a whole number below 2^53. Such sums are exact in double
precision in any order, so the product is the same on every machine.
"""

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Fewer rows than this, or longer ones, are faster as Python integers.
MIN_ROWS = 8
MAX_DIGITS = 1024
#: Python refuses to read longer texts as numbers (its limit is 4300 digits).
MAX_INT_DIGITS = 4000
#: Rows converted at a time: the limbs of a block stay in the processor's cache.
BLOCK = 1024


@lru_cache
def digits_needed(count: int, base: int, radix: int) -> int:
    """Digits in base `radix` that every number of `count` digits in base `base` fits.

    The smallest width with ``radix ** width >= base ** count``.

    >>> digits_needed(648, 5, 62), digits_needed(272, 5, 62), digits_needed(272, 5, 256)
    (253, 107, 79)
    """
    numbers = base**count
    # The logarithm is within one of the answer; whole numbers decide.
    width = max(0, math.ceil(count * math.log(base) / math.log(radix)) - 1)
    while radix**width < numbers:
        width += 1
    return width


def convert_digits(
    digits: NDArray[np.uint8], base_in: int, base_out: int, count_out: int
) -> NDArray[np.uint8]:
    """Write numbers in another base.

    ``uint8[m, count]``, each below `base_in`, becomes ``uint8[m, count_out]``, least significant
    first; bases are 2 to 256. `OverflowError` if a number does not fit.

    >>> convert_digits(np.array([[4, 0, 2]], dtype=np.uint8), 5, 10, 3).tolist()
    [[4, 5, 0]]
    """
    m, count = digits.shape
    if m < MIN_ROWS or count > MAX_DIGITS:
        result = np.empty((m, count_out), dtype=np.uint8)
        for row in range(m):
            number = int_of_digits(digits[row].tobytes(), base_in)
            result[row] = np.frombuffer(digits_of_int(number, base_out, count_out), dtype=np.uint8)
        return result
    powers, limb_digits = _powers(count, base_in, base_out)
    blocks = [
        _convert_block(digits[start : start + BLOCK], powers, base_out, limb_digits)
        for start in range(0, m, BLOCK)
    ]
    result = np.concatenate(blocks)
    if result[:, count_out:].any():
        raise OverflowError(f"a number does not fit {count_out} digits in base {base_out}")
    missing = max(0, count_out - result.shape[1])
    return np.pad(result, ((0, 0), (0, missing))) if missing else result[:, :count_out]


def int_of_digits(digits: bytes, base: int) -> int:
    """Join digits, least significant first, to a number.

    >>> int_of_digits(bytes([4, 0, 2]), 5)
    54
    """
    if base == 256:
        return int.from_bytes(digits, "little")
    if base <= 36 and len(digits) <= MAX_INT_DIGITS:
        return int(digits[::-1].translate(_TO_PYTHON) or b"0", base)
    per_limb = _digits_below(base, 2**63)
    number, scale = 0, base**per_limb
    limbs = np.frombuffer(digits, dtype=np.uint8).astype(np.int64)
    limbs = np.pad(limbs, (0, -len(limbs) % per_limb)).reshape(-1, per_limb)
    for limb in reversed((limbs @ base ** np.arange(per_limb, dtype=np.int64)).tolist()):
        number = number * scale + limb
    return number


def digits_of_int(number: int, base: int, count: int) -> bytes:
    """Split a number into `count` digits, least significant first.

    `OverflowError` if it does not fit.

    >>> list(digits_of_int(54, 5, 4))
    [4, 0, 2, 0]
    """
    if base == 256:
        return number.to_bytes(count, "little")
    # Python divides by numbers below 2^30 in one step, and 255^2 squared is 2^32.
    pair, pairs = base * base, _pairs(base)
    scale, per_limb = (pair * pair, 4) if pair * pair < 2**30 else (pair, 2)
    parts = []
    for _ in range(-(-count // per_limb)):
        number, limb = divmod(number, scale)
        parts.append(pairs[limb % pair])
        if per_limb == 4:
            parts.append(pairs[limb // pair])
    digits = b"".join(parts)
    if number or digits[count:].strip(b"\0"):
        raise OverflowError(f"the number does not fit {count} digits in base {base}")
    return digits[:count]


#: Digits 0..35 as Python's int() reads them.
_TO_PYTHON = b"0123456789abcdefghijklmnopqrstuvwxyz".ljust(256, b"?")


@lru_cache
def _pairs(base: int) -> list[bytes]:
    """The two digits of each number below base²."""
    return [bytes(divmod(number, base)[::-1]) for number in range(base * base)]


def _digits_below(base: int, limit: int) -> int:
    """Most digits of a base whose every number is below a limit."""
    digits = 1
    while base ** (digits + 1) <= limit:
        digits += 1
    return digits


@lru_cache
def _powers(count: int, base_in: int, base_out: int) -> tuple[NDArray[np.float64], int]:
    """``float64[limbs, count]``: limbs of base_in^i, and how many digits a limb has."""
    limb_digits = _digits_below(base_out, 2**52 // (count * base_in))
    scale = base_out**limb_digits
    n_limbs = -(-digits_needed(count, base_in, base_out) // limb_digits)
    powers = np.zeros((n_limbs, count))
    for column in range(count):
        rest = base_in**column
        for limb in range(n_limbs):
            rest, powers[limb, column] = divmod(rest, scale)
    return powers, limb_digits


def _convert_block(
    digits: NDArray[np.uint8], powers: NDArray[np.float64], base: int, limb_digits: int
) -> NDArray[np.uint8]:
    limbs = (powers @ digits.T.astype(np.float64)).astype(np.int64)
    scale = base**limb_digits
    for limb in range(len(limbs) - 1):
        carry = limbs[limb] // scale
        limbs[limb] -= carry * scale
        limbs[limb + 1] += carry
    split = _split(np.ascontiguousarray(limbs.T), base, limb_digits)
    return split.reshape(len(split), -1)


def _split(limbs: NDArray[np.int64], base: int, count: int) -> NDArray[np.uint8]:
    """Split limbs into digits: ``int64[...]`` to ``uint8[..., count]``."""
    if base == 256:
        return limbs.astype("<i8").view(np.uint8).reshape(*limbs.shape, 8)[..., :count]
    if count in (1, 2, 4, 8) and base**count <= 2**16:
        return _table(base, count).take(limbs)[..., np.newaxis].view(np.uint8)
    low = count // 2
    high_limbs = limbs // base**low
    low_limbs = limbs - high_limbs * base**low
    return np.concatenate(
        (_split(low_limbs, base, low), _split(high_limbs, base, count - low)), axis=-1
    )


@lru_cache
def _table(base: int, count: int) -> NDArray[np.unsignedinteger[Any]]:
    """The digits of every number below ``base ** count``, as one unsigned integer's bytes."""
    numbers = np.arange(base**count)[:, np.newaxis]
    digits = (numbers // base ** np.arange(count) % base).astype(np.uint8)
    joined: NDArray[np.unsignedinteger[Any]] = digits.view(f"u{count}")[:, 0]
    return joined
