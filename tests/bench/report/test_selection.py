"""A choice of many spans them all."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from bench.report.selection import spread, titled


@given(st.lists(st.floats(0, 1), min_size=1, max_size=80), st.integers(2, 50))
def test_both_ends_are_chosen_and_no_more_than_the_most(values, most):
    named = pd.Series(values, index=[f"v{place}" for place in range(len(values))])
    chosen = spread(named, most)
    assert len(chosen) == min(most, len(values))
    assert chosen.is_unique
    own = named[chosen]
    assert (own.min(), own.max()) == (named.min(), named.max())
    assert own.index.to_list() == [name for name in named.index if name in set(chosen)]


def test_a_choice_is_said_and_a_whole_is_not():
    assert titled("Bytes", 5, 5, "bytes") == "Bytes"
    assert titled("", 5, 1_200, "uAP").startswith("5 of 1,200,")
