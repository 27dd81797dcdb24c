"""Bits compared with all others, beside the plain way."""

import numpy as np
import pytest

from bench.search.exact.bits import nearness, packed


@pytest.mark.parametrize("count", [8, 63, 64, 272])
def test_nearness_is_the_number_of_equal_bits_and_one(count):
    rng = np.random.default_rng(count)
    documents, queries = (rng.random((many, count)) < 0.5 for many in (9, 4))
    found = nearness(packed(documents), packed(queries), count)
    for own, query in zip(found, queries, strict=True):
        np.testing.assert_array_equal(own, (documents == query).sum(axis=1) + 1)
