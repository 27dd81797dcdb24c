import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgsig.codecs.radix import (
    MIN_ROWS,
    convert_digits,
    digits_needed,
    digits_of_int,
    int_of_digits,
)

bases = st.one_of(st.sampled_from([3, 5, 36, 62, 85, 256]), st.integers(2, 256))


def number_of(digits: np.ndarray, base: int) -> int:
    return sum(int(digit) * base**place for place, digit in enumerate(digits))


@settings(deadline=None)
@given(bases, bases, st.integers(1, 300), st.sampled_from([1, MIN_ROWS + 1]), st.integers(0))
def test_numbers_stay_the_same(base_in, base_out, count, m, seed):
    rng = np.random.default_rng(seed)
    digits = rng.integers(0, base_in, (m, count)).astype(np.uint8)
    digits[-1] = base_in - 1
    count_out = digits_needed(count, base_in, base_out)
    converted = convert_digits(digits, base_in, base_out, count_out)
    assert converted.shape == (m, count_out)
    for row, result in zip(digits, converted, strict=True):
        assert number_of(row, base_in) == number_of(result, base_out)
    np.testing.assert_array_equal(convert_digits(converted, base_out, base_in, count), digits)


@pytest.mark.parametrize("m", [1, MIN_ROWS])
def test_numbers_too_large_are_refused(m):
    digits = np.full((m, 20), 4, dtype=np.uint8)
    with pytest.raises(OverflowError, match="does not fit"):
        convert_digits(digits, 5, 62, digits_needed(20, 5, 62) - 1)


@given(bases, st.integers(1, 60))
def test_width_is_the_smallest(base, count):
    for radix in (36, 62, 256):
        width = digits_needed(count, base, radix)
        assert radix**width >= base**count
        assert radix ** (width - 1) < base**count


@given(bases, st.integers(0, 2**400))
def test_split_and_join(base, number):
    digits = digits_of_int(number, base, 450)
    assert number_of(np.frombuffer(digits, dtype=np.uint8), base) == number
    assert int_of_digits(digits, base) == number


def test_long_numbers():
    digits = np.random.default_rng(0).integers(0, 5, (1, 6000)).astype(np.uint8)
    width = digits_needed(6000, 5, 62)
    text = convert_digits(digits, 5, 62, width)
    np.testing.assert_array_equal(convert_digits(text, 62, 5, 6000), digits)
