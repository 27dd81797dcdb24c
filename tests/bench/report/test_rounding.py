"""One way of rounding, everywhere that a figure is shown."""

import ast
import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.report.rounding import between, confidence, rounded

ROOT = Path(__file__).parents[3]
#: Where figures of results are put into words.
SHOWN = (
    *(ROOT / "bench" / "report").glob("*.py"),
    *(ROOT / "bench" / "notebooks").glob("*.py"),
    *(ROOT / "bench" / "advise").glob("*.py"),
    ROOT / "docs" / "guide" / "figures.py",
)


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (0.8725, ".3f", "0.873"),
        (0.8725, ".1%", "87.3%"),
        (0.7675, ".3f", "0.768"),  # as a binary number it is less than it prints as
        (2.675, ".2f", "2.68"),
        (-0.0005, ".3f", "-0.001"),
        (-0.0004, "+.3f", "-0.000"),  # an interval that ends there ends below 0
        (-0.0004, ".3f", "0.000"),
        (-0.0, "+.3f", "+0.000"),
        (1234.5, ",.0f", "1,235"),
        (np.float32(0.5), ".0f", "1"),
        (0.0002, ".2g", "0.0002"),
        (0.00125, ".2g", "0.0013"),
        (10.0, ".3g", "10"),
        (float("nan"), ".3f", "–"),
    ],
)
def test_halves_go_away_from_zero(value, spec, text):
    assert rounded(value, spec) == text


@given(st.integers(-(10**6), 10**6), st.integers(1, 4))
def test_a_share_and_its_percentage_are_the_same_figure(thousands, digits):
    value = thousands / 10**5
    share, percent = rounded(value, f".{digits + 2}f"), rounded(value, f".{digits}%")
    assert Decimal(percent.rstrip("%")) == 100 * Decimal(share)
    assert abs(Decimal(share) - Decimal(repr(value))) * 2 <= Decimal(1).scaleb(-digits - 2)


def test_an_interval_has_both_ends():
    assert between(-0.0125, 0.0125, "+.3f") == "-0.013 to +0.013"


@pytest.mark.parametrize(("share", "said"), [(0.8, "80 %"), (0.55, "55 %"), (0.999, "99.9 %")])
def test_a_confidence_is_a_percentage(share, said):
    assert confidence({"confidence": share}) == said


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.name)
def test_no_figure_is_rounded_another_way(path):
    """Formats of decimals in an f-string round what the binary number is."""
    allowed = {"axes.py", "interactive.py"}  # ticks and data, no figures
    found = [
        (node.lineno, text)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None
        for text in [ast.unparse(node.format_spec)]
        if "." in text and path.name not in allowed
    ]
    assert not found


def test_no_page_rounds_another_way():
    for path in (ROOT / "bench" / "report" / "templates").glob("*.j2"):
        if path.name != "compare.html.j2":  # bytes of other people's indices
            text = path.read_text(encoding="utf-8")
            assert not re.findall(r"\{:[^}]*\.[^}]*\}", text), path.name
