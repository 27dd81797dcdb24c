"""The one way in which figures are rounded for a reader: halves away from zero."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any


def rounded(value: Any, spec: str = ".3f") -> str:
    """A figure as text, with the same digits everywhere; a dash for NaN.

    Formatting a binary float rounds its exact value, not what it prints as, so that 0.8725 became
    0.873 in one place and 87.2 % in another. Here the shortest decimal of the value is rounded.
    What rounds to 0 has no sign, unless a sign is asked for: then it has its own, so that an
    interval below 0 does not seem to reach it.

    >>> rounded(0.8725), rounded(0.8725, ".1%"), rounded(0.0625), rounded(-0.0004)
    ('0.873', '87.3%', '0.063', '0.000')
    >>> rounded(-0.0004, "+.3f"), rounded(0, "+.3f")
    ('-0.000', '+0.000')
    >>> rounded(2.5, ",.0f"), rounded(-2.5, ",.0f"), rounded(float("nan"))
    ('3', '-3', '–')
    """
    if value != value:  # noqa: PLR0124 - NaN alone is unequal to itself
        return "–"
    with localcontext(rounding=ROUND_HALF_UP):
        number = Decimal(repr(float(value) + 0.0))  # no -0.0
        text = format(number, spec if spec.startswith("+") else f"z{spec}")
    # For a Decimal, "g" keeps trailing zeros.
    return format(float(text), spec) if spec.endswith("g") else text


def sized(count: Any) -> str:
    """Bytes in the decimal unit that suits them, with three digits or more.

    >>> sized(3.663e12), sized(67_640_000_000), sized(84_500_000), sized(23_456), sized(476)
    ('3,663 GB', '67.6 GB', '84.5 MB', '23.5 kB', '476 bytes')
    """
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{rounded(count / size, ',.0f' if count >= 100 * size else '.1f')} {unit}"
    return f"{rounded(count, '.0f')} bytes"


def between(low: Any, high: Any, spec: str = ".3f") -> str:
    """The ends of an interval.

    >>> between(0.794, 0.8575)
    '0.794 to 0.858'
    """
    return f"{rounded(low, spec)} to {rounded(high, spec)}"


def confidence(settings: Mapping[str, Any]) -> str:
    """That of the intervals of a run, of the section of its config that says it.

    >>> confidence({"confidence": 0.95}), confidence({"confidence": 0.999})
    ('95 %', '99.9 %')
    """
    return f"{rounded(100 * settings['confidence'], '.6g')} %"
