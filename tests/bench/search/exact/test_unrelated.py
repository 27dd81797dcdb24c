"""Pairs of different scenes are counted by the score that an index gives them."""

import numpy as np
import pytest

from bench.index.variant import Variant
from bench.search.exact import unrelated
from bench.search.exact.unrelated import count_unrelated

VARIANTS = [
    Variant(63, 16, {"id": "none"}),
    Variant(32, 7, {"id": "none"}, layout="keyword_column"),
    Variant(63, 16, {"id": "none"}, layout="vector_sign_flat"),
    Variant(63, 16, {"id": "none"}, layout="vector_bit_flat"),
]


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda one: f"{one.layout}-{one.N}")
def test_counts_are_those_of_the_scorer(signatures, variant, monkeypatch):
    monkeypatch.setattr(unrelated, "ROWS", 32)
    own, groups = signatures[:150], np.arange(150) // 4
    scorer = variant.identity.layout.matcher.scorer(variant.scheme, own)
    expected = np.zeros(variant.largest_score + 1, dtype=np.int64)
    for row, query in enumerate(own):
        behind = (np.arange(150) > row) & (groups != groups[row])
        expected += np.bincount(scorer(query)[behind], minlength=len(expected))
    seen = []
    found = count_unrelated(variant, own, groups, seen.append)
    assert found.tolist() == expected.tolist()
    assert sum(seen) == 150


def test_words_anywhere_are_refused(signatures):
    variant = Variant(16, 8, {"id": "none"}, layout="untagged")
    with pytest.raises(ValueError, match="'untagged' neither counts"):
        count_unrelated(variant, signatures[:5], np.arange(5))
