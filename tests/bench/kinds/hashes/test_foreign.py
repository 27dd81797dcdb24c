"""Indices of other programs' hashes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.kinds.hashes.foreign import OWN, HashBits, HashVariant
from bench.peers.hashes import HASHES, Hash
from bench.runs.errors import ExperimentError
from imgsig import ScoreError
from imgsig.errors import OtherIndexError
from imgsig.index import Identity
from imgsig.index.searching import search_body
from imgsig.layouts import get_layout


@pytest.mark.parametrize("one", HASHES, ids=lambda one: one.name)
def test_an_index_differs_from_that_of_our_signs_in_its_bits_alone(one):
    variant, own = HashVariant.of(one), get_layout(OWN)
    codec = variant.get_codec()
    expected = own.mappings(variant.scheme, codec)
    expected["properties"]["vector"]["dims"] = one.bits
    layout = variant.identity.layout
    assert layout.mappings(variant.scheme, codec) == expected
    assert layout.settings() == own.settings()
    assert layout.needs == own.needs
    assert variant.largest_score == one.bits + 1
    assert not variant.stores_signature


def test_every_hash_has_an_index_and_a_key_of_its_own():
    variants = [HashVariant.of(one) for one in HASHES]
    assert len({one.index_name for one in variants}) == len(HASHES)
    assert len({one.key for one in variants}) == len(HASHES)


def test_no_release_opens_it_as_an_index_of_signatures():
    meta = HashVariant.of(HASHES[0]).identity.meta({"name": "Elasticsearch"})
    with pytest.raises(OtherIndexError, match="hash_256_bits"):
        Identity.from_meta(meta, "hash-pdq")


@given(bits=st.sampled_from([8, 64, 72, 576]), seed=st.integers(0, 2**32 - 1))
def test_a_score_is_the_number_of_equal_bits_and_one(bits, seed):
    rng = np.random.default_rng(seed)
    plain = rng.random((6, bits)) < 0.5
    hashes = np.packbits(plain, axis=1).view(np.int8)
    variant = HashVariant.of(Hash("made", bits, "made"))
    matcher, scheme = variant.identity.layout.matcher, variant.scheme
    equal = (plain == plain[0]).sum(axis=1)
    assert matcher.scorer(scheme, hashes)(hashes[0]).tolist() == (equal + 1).tolist()
    # Elasticsearch's score of a distance, in 32 bits.
    scores = ((bits - (bits - equal)) / bits).astype(np.float32).astype(np.float64)
    assert matcher.whole_scores(scheme, scores).tolist() == (equal + 1).tolist()


def test_documents_and_queries_carry_the_hash_in_hexadecimal_digits():
    variant = HashVariant.of(Hash("made", 16, "made"))
    hashes = np.array([[-1, 0], [1, 16]], dtype=np.int8)
    sent = variant.identity.layout.documents(
        variant.scheme, variant.get_codec(), ["a", "b"], hashes
    )
    assert sent == [{"path": "a", "vector": "ff00"}, {"path": "b", "vector": "0110"}]
    query = search_body(variant.identity, hashes[1], size=7, fetch=("path",))["query"]
    assert query == {"knn": {"field": "vector", "query_vector": "0110", "k": 7}}


def test_what_is_no_bits_is_refused():
    with pytest.raises(ExperimentError, match="63 bits are no whole bytes"):
        HashVariant.of(Hash("made", 63, "made"))
    scheme = HashVariant.of(HASHES[0]).scheme
    with pytest.raises(ScoreError, match="no whole distance"):
        HashBits(bits=256).whole_scores(scheme, np.array([0.501]))
