"""Mutations spoil files of any size, the same for the same chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.faults.mutations import MUTATIONS

some = st.binary(min_size=1, max_size=80)


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
@given(data=some, other=some, seed=st.integers(0, 2**32))
def test_a_mutation_depends_on_its_input_alone(mutate, data, other, seed):
    first, again = (mutate(data, other, np.random.default_rng(seed)) for _ in range(2))
    assert first == again
    assert len(first) <= 100 * len(data) + len(other)
