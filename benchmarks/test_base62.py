# ruff: noqa: D103, S101
"""base62 of one signature, beside the digit loop that it replaces.

Run by ``pytest benchmarks -o addopts="--import-mode=importlib" --benchmark-only``.
"""

import numpy as np
import pytest

from imgsig.codecs import get_codec

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def digit_loop(signature: np.ndarray) -> str:
    """The number and its digits, one at a time."""
    number = 0
    for value in reversed(signature.tolist()):
        number = number * 5 + value + 2
    digits = []
    while number:
        number, digit = divmod(number, 62)
        digits.append(DIGITS[digit])
    return "".join(reversed(digits)).rjust(253, "0")


@pytest.fixture
def signature() -> np.ndarray:
    return np.random.default_rng(0).integers(-2, 3, 648).astype(np.int8)


@pytest.mark.benchmark(group="base62 of one signature")
def test_digit_loop(benchmark, signature):
    assert len(benchmark(digit_loop, signature)) == 253


@pytest.mark.benchmark(group="base62 of one signature")
def test_codec(benchmark, signature):
    codec = get_codec({"id": "base62", "strip": "none"})
    assert benchmark(codec.encode, signature) == digit_loop(signature)
