"""Signs that words tell, and indices of bits made of them or of signatures."""

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.migrate.console_requests import search_request
from bench.migrate.destination import MARK
from bench.migrate.sentences import outcome_text, warnings
from bench.migrate.signs import recovered, signs_told
from bench.runs.errors import ExperimentError
from imgsig import CodecError, WordScheme
from imgsig.layouts import get_layout
from imgsig.sign_words import known_signs
from imgsig.strips import get_strip
from tests.bench.migrate.conftest import make_record
from tests.shared import bulk

HALF = get_strip("half")
JSON = {"content-type": "application/json", "accept": "application/json"}
PAIR = get_layout("vector_pair_flat")


@settings(deadline=None)
@given(
    st.integers(16, 128),
    st.integers(6, 20),
    hnp.arrays(np.int8, (2, HALF.count), elements=st.integers(-2, 2)),
)
def test_words_of_the_signs_are_the_words_and_bits_differ_only_where_no_word_is(N, k, values):
    scheme, signatures = WordScheme(N=N, k=k), HALF.restore(values)
    words = scheme.words(signatures)
    signs = recovered(scheme, words.tolist())
    np.testing.assert_array_equal(scheme.words(signs), words)
    try:
        lost = signs_told(scheme, PAIR)
    except ExperimentError:
        return
    differ = (signs != np.sign(signatures))[:, HALF.kept]
    assert (differ.sum(axis=1) <= lost.lost).all()
    near = PAIR.matcher.scorer(scheme, signs)
    for row, signature in enumerate(signatures):
        assert near(signature)[row] >= PAIR.largest_score(scheme) - lost.lost_bits


@pytest.mark.parametrize(
    ("N", "k", "lost"), [(63, 16, 0), (63, 10, 0), (64, 8, 11), (63, 6, 57), (32, 7, 108)]
)
def test_bits_that_no_word_holds_are_counted(N, k, lost):
    told = signs_told(WordScheme(N=N, k=k), PAIR)
    assert (told.values, told.lost, told.bits, told.lost_bits) == (272, lost, 544, 2 * lost)
    assert ("no bit is lost" in str(told)) == (lost == 0)


@pytest.mark.parametrize(
    ("N", "k", "layout", "reason"),
    [
        (20, 8, "vector_sign_flat", "hold the signs of 108 of 272 values; 50% are needed"),
        (63, 16, "vector_bit_flat", "words tell only signs. Choose vector_sign_flat, vector_sign_"),
        (63, 16, "vector_byte_hnsw", "needs the values"),
    ],
)
def test_what_words_do_not_tell_is_refused(N, k, layout, reason):
    with pytest.raises(ExperimentError, match=reason):
        signs_told(WordScheme(N=N, k=k), get_layout(layout))


@pytest.mark.parametrize(("N", "k", "wrong"), [(63, 16, 17), (63, 6, 7), (32, 7, 8)])
def test_a_wrong_word_length_is_found_out(signatures, N, k, wrong):
    words = WordScheme(N=N, k=k).words(signatures[:9])
    assert recovered(WordScheme(N=N, k=k), words.tolist()).shape == (9, 648)
    with pytest.raises(CodecError, match=r"disagree|not opposite"):
        recovered(WordScheme(N=N, k=wrong), words.tolist())


def bits_of(signatures):
    """The bits of ``vector_sign_flat``, without its code."""
    rows = np.packbits(signatures[:, get_strip("half").kept] >= 0, axis=1)
    return [row.tobytes().hex() for row in rows]


def found_by_vectors(made, plan, vectors):
    """The document and score that are found for each vector."""
    found = []
    for vector in vectors:
        knn = {"field": "vector", "query_vector": vector, "k": 1}
        answer = made.client.search(index=plan.index, query={"knn": knn}, size=1)
        found += [(hit["_id"], hit["_score"]) for hit in answer["hits"]["hits"]]
    return found


@pytest.mark.engine
@pytest.mark.only_on("elasticsearch", reason="has no dense_vector")
@pytest.mark.parametrize(
    ("to", "options"),
    [
        ("vector_sign_flat", {"codec_to": "none"}),
        pytest.param("vector_sign_flat_keyword", {}, marks=pytest.mark.slow),
        pytest.param("vector_pair_flat", {}, marks=pytest.mark.slow),
        pytest.param("vector_sign_hnsw", {}, marks=pytest.mark.slow),
        pytest.param("vector_bit_flat", {}, marks=pytest.mark.slow),
        pytest.param("vector_byte_flat", {}, marks=pytest.mark.slow),
    ],
)
def test_a_vector_holds_the_signatures_too(arrays, to, options):
    plan = arrays.plan(to, **options)
    outcome = arrays.perform(plan)
    found = outcome.verified
    assert found.is_whole
    words = found.searched * 63 if plan.layout.matcher.takes_least else 0
    assert (found.vectors, found.words, found.recovered) == (290, words, 0)
    assert found.searched >= 200
    assert found.values == (290 * 648 if plan.variant.stores_signature else 0)
    assert " 290 vectors are as they should be" in outcome_text(plan, outcome, [])
    method, body = search_request(plan)
    best = arrays.client.perform_request(
        "POST", method.removeprefix("GET "), body=body, headers=JSON
    )["hits"]["hits"][0]
    sampled = {hit["_id"]: hit["_source"]["path"] for hit in plan.source.sample[:1]}
    assert {best["_id"]: best["fields"]["path"][0]} == sampled
    if to == "vector_sign_flat":
        vectors = bits_of(arrays.signatures[[0, 100, 289]])
        assert found_by_vectors(arrays, plan, vectors) == [("d0", 1), ("d100", 1), ("d289", 1)]


@pytest.mark.engine
@pytest.mark.only_on("elasticsearch", reason="has no dense_vector")
def test_vectors_are_made_of_words_alone(fresh):
    signatures = fresh.signatures[:60]
    actions = [
        {"_id": f"d{n}", **make_record(n, signatures[n], None, k=6)} for n in range(len(signatures))
    ]
    bulk(fresh.client, actions, index=fresh.index, refresh=True)
    with pytest.raises(ExperimentError, match=r"none of the .* is k right\?"):
        fresh.plan("vector_sign_flat", k=7)
    plan = fresh.plan("vector_sign_flat", k=6)
    lost = "57 of 272 bits are lost: 57 of 272 values are in no word and stand as 0"
    assert any(lost in text for text in warnings(plan))
    outcome = fresh.perform(plan)
    assert outcome.verified.is_whole
    assert (outcome.verified.vectors, outcome.verified.recovered) == (60, 60 * 63)
    assert lost in outcome_text(plan, outcome, [])
    mapping = fresh.client.indices.get_mapping(index=plan.index)[plan.index]["mappings"]
    assert mapping["_meta"][MARK]["signs"] == plan.signs.to_json()
    # Resumed, it copies what came later, and what is of no image is refused.
    wrong = make_record(60, signatures[0], None, k=6) | {"simple_word_3": 728, "simple_word_40": 0}
    fresh.client.index(index=fresh.index, id="d60", document=wrong)
    fresh.client.index(
        index=fresh.index, id="d61", document=make_record(61, -signatures[1], None, k=6)
    )
    fresh.client.indices.refresh(index=fresh.index)
    again = fresh.perform(fresh.plan("vector_sign_flat", k=6, name=plan.index))
    assert "not opposite" in again.refused["d60"]
    assert (again.verified.destination, again.verified.refused) == (61, 1)
    signs = np.where(known_signs(6), np.sign(signatures), 0)
    found = found_by_vectors(fresh, plan, bits_of(signs[:3]))
    assert [score for _, score in found] == [1, 1, 1]
