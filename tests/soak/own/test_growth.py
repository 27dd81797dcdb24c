"""A slope that noise cannot make, and a leak cannot hide from."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.runs.errors import MeasurementError
from tests.soak.growth import ALLOWANCES, Allowance, all_growth, growth

LENGTH = 1800.0


def samples(seed: int = 0, **leaks: float) -> pd.DataFrame:
    """Half an hour of a harness of 200 MB and 15 handles; `leaks` are by the end of it."""
    rng = np.random.default_rng(seed)
    seconds = np.arange(5, LENGTH, 6.0)
    made = {
        "own_bytes": 200e6 + rng.normal(0, 3e6, len(seconds)),
        "handles": 15 + (rng.random(len(seconds)) < 0.1),
        "threads": np.full(len(seconds), 7),
        "children": np.zeros(len(seconds)),
    }
    for name, leak in leaks.items():
        made[name] = made[name] + leak * seconds / LENGTH
    made["own_bytes"][seconds < 120] -= 60e6  # what is imported and cached at first
    at_rest = np.ones(len(seconds), dtype=bool)
    return pd.DataFrame({"seconds": seconds, "at_rest": at_rest, **made})


def grown(table: pd.DataFrame) -> set[str]:
    return {one.quantity for one in all_growth(table, LENGTH) if not one.ok}


def test_noise_and_warming_up_are_no_leak():
    assert all(grown(samples(seed)) == set() for seed in range(20))


@pytest.mark.parametrize(
    ("quantity", "leak"), [("own_bytes", 12e6), ("handles", 3), ("threads", 2), ("children", 2)]
)
def test_a_leak_is_found(quantity, leak):
    assert all(grown(samples(seed, **{quantity: leak})) == {quantity} for seed in range(5))


def test_what_is_allowed_is_let_pass():
    assert ALLOWANCES["own_bytes"] == Allowance(0.02, 5e6)
    assert grown(samples(own_bytes=4e6, handles=0.5)) == set()


def test_wild_samples_move_nothing():
    table = samples()
    table.loc[::5, "own_bytes"] *= 3
    assert grown(table) == set()


def test_samples_in_between_do_not_count():
    table = samples(handles=30)
    table["at_rest"] = table.index % 2 == 0
    table.loc[~table["at_rest"], "handles"] = 1000
    assert [one.level < 60 for one in all_growth(table, LENGTH)][1]


def test_few_samples_say_nothing():
    with pytest.raises(MeasurementError, match="4 samples of handles after the warm-up"):
        growth("handles", range(7), range(7), Allowance(0, 1), length=10.0)


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=20, max_size=40),
    st.floats(-10, 10),
    st.floats(-1e3, 1e3),
)
def test_a_trend_adds_itself(values, trend, shift):
    seconds = np.arange(len(values))
    length, allowance = float(len(values)), Allowance(0, 1)
    plain = growth("x", seconds, values, allowance, length)
    more = growth("x", seconds, np.array(values) + trend * seconds + shift, allowance, length)
    np.testing.assert_allclose(more.growth, plain.growth + trend * length, atol=1e-6)
    assert more.low <= more.growth <= more.high
