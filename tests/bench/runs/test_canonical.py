"""Equal configurations have equal text, and different ones different hashes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.runs.canonical import canonical_json, short_hash

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(config=st.dictionaries(st.text(), JSON))
def test_order_of_keys_does_not_matter(config):
    backwards = dict(reversed(config.items()))
    assert canonical_json(backwards) == canonical_json(config)
    assert json.loads(canonical_json(config)) == config


@given(config=JSON)
def test_text_can_be_read_back(config):
    assert json.loads(canonical_json(config)) == config


def test_infinite_numbers_are_refused():
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"x": float("inf")})


def test_hash_has_the_length_asked_for():
    assert len(short_hash({}, length=12)) == 12
    assert short_hash({"a": 1}) != short_hash({"a": 2})
