import numpy as np
import pandas as pd
import pytest

from bench.runs.check import agree, same_table


def table(**columns):
    return pd.DataFrame({"name": ["a", "b"], "value": [0.5, np.nan]} | columns)


def test_equal_tables_are_identical():
    assert same_table("t", table(), table()).found == "2 rows, identical"


def test_rounding_is_told_and_passes():
    other = table(value=[0.5 * (1 + 1e-12), np.nan])
    assert not same_table("t", table(), other).holds
    check = same_table("t", table(), other, "sums round")
    assert check.holds
    assert check.found == "2 rows, equal within 1e-12 (sums round)"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (table(value=[0.5 + 1e-8, np.nan]), "value: 1 rows differ, first in row 0"),
        (table(value=[0.5, 0.0]), "value: 1 rows differ, first in row 1"),
        (table(value=[np.nan, np.nan]), "value: 1 rows differ, first in row 0"),
        (table(name=["a", "c"]), "'b' is stored, 'c' comes out"),
        (table(more=[1, 2]), "columns differ: more"),
        (table().iloc[:1], "2 rows are stored, 1 are recomputed"),
        (table()[["value", "name"]], "columns differ: order"),
    ],
)
def test_what_differs_is_named(other, said):
    for rounding in ("", "sums round"):
        check = same_table("t", table(), other, rounding)
        assert not check.holds
        assert said in check.found


def test_only_the_first_problems_are_told():
    check = agree("all", (f"problem {i}" for i in range(10)), "none")
    assert check.found == "problem 0; problem 1; problem 2; and 7 more"
