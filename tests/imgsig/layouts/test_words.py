"""Matchers of words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from imgsig import Grid, WordScheme
from imgsig.codecs import get_codec
from imgsig.errors import ConfigError
from imgsig.layouts.words import FieldPerWord, OneField, as_text, occurring_words

NONE = get_codec({"id": "none"})
SCHEME = WordScheme(k=16, N=3, spacing=(0, 100, 632))


def test_one_field_and_one_clause_a_word(signatures):
    matcher, words = FieldPerWord(), SCHEME.words(signatures[:2])
    (first, _) = matcher.fields(SCHEME, signatures[:2], words)
    assert first == {f"simple_word_{i}": word for i, word in enumerate(words[0].tolist())}
    assert all(type(word) is int for word in first.values())
    query = matcher.query(SCHEME, signatures[0], 100, None)
    assert query["bool"]["should"] == [{"term": {name: word}} for name, word in first.items()]


def test_keywords_are_texts_of_boolean_similarity(signatures):
    matcher = FieldPerWord("keyword", doc_values=False, prefix="w")
    (fields,) = matcher.fields(SCHEME, signatures[:1], np.array([[7, 0, 43046720]]))
    assert fields == {"w0": "7", "w1": "0", "w2": "43046720"}
    assert matcher.properties(SCHEME)["w2"] == {
        "type": "keyword",
        "similarity": "boolean",
        "doc_values": False,
    }


@pytest.mark.parametrize(
    ("kind", "scheme", "message"),
    [
        ("integer", WordScheme(k=20, N=10), "type integer holds 2,147,483,648"),
        ("dynamic", WordScheme(k=16, N=991, grid=Grid(12)), "at most 990"),
    ],
)
def test_what_does_not_fit_is_refused(kind, scheme, message):
    with pytest.raises(ConfigError, match=message):
        FieldPerWord(kind).check(scheme, NONE)


@pytest.mark.parametrize("kind", ["dynamic", "long", "keyword"])
def test_longest_words_fit(kind):
    FieldPerWord(kind).check(WordScheme(k=39, N=10), NONE)
    FieldPerWord("integer").check(WordScheme(k=19, N=648), NONE)


KINDS = ("long", "integer", "keyword")


def terms(matcher: OneField, scheme: WordScheme, words: np.ndarray) -> list:
    signatures = np.zeros((len(words), scheme.grid.length), dtype=np.int8)
    return [row["simple_words"] for row in matcher.fields(scheme, signatures, words)]


@given(words=arrays(np.int64, (2, 4), elements=st.integers(0, 8)), kind=st.sampled_from(KINDS))
def test_tagged_terms_are_equal_where_position_and_word_are(words, kind):
    rows = terms(OneField(kind), WordScheme(k=2, N=4), words)
    pairs = [[(place, word) for place, word in enumerate(row)] for row in words.tolist()]
    for i, first in enumerate(rows[0]):
        for j, second in enumerate(rows[1]):
            assert (first == second) == (pairs[0][i] == pairs[1][j])


@given(words=arrays(np.int64, (2, 4), elements=st.integers(0, 8)), kind=st.sampled_from(KINDS))
def test_untagged_terms_are_equal_where_words_are(words, kind):
    rows = terms(OneField(kind, tagged=False), WordScheme(k=2, N=4), words)
    for i, first in enumerate(rows[0]):
        for j, second in enumerate(rows[1]):
            assert (first == second) == (words[0, i] == words[1, j])


@pytest.mark.parametrize(
    ("kind", "fits", "too_large"),
    [
        ("integer", WordScheme(k=17, N=33), WordScheme(k=17, N=34)),
        ("long", WordScheme(k=35, N=184), WordScheme(k=35, N=185)),
        ("keyword", WordScheme(k=39, N=2), WordScheme(k=39, N=3)),
    ],
)
def test_tagged_terms_fit_the_type_to_the_last_value(kind, fits, too_large):
    matcher = OneField(kind)
    matcher.check(fits, NONE)
    largest = np.full((1, fits.N), fits.base**fits.k - 1)
    if kind != "keyword":
        smallest = terms(matcher, fits, np.zeros((1, fits.N), dtype=np.int64))[0][0]
        low, high = {"integer": (-(2**31), 2**31 - 1), "long": (0, 2**63 - 1)}[kind]
        assert smallest == low
        assert terms(matcher, fits, largest)[0][-1] <= high
    with pytest.raises(ConfigError, match=f"type {kind} holds"):
        matcher.check(too_large, NONE)


def test_untagged_terms_have_all_of_the_type():
    OneField("integer", tagged=False).check(WordScheme(k=19, N=648), NONE)
    OneField("long", tagged=False).check(WordScheme(k=39, N=648), NONE)
    with pytest.raises(ConfigError, match="type integer"):
        OneField("integer", tagged=False).check(WordScheme(k=20, N=1), NONE)


@given(numbers=st.lists(st.integers(0, 2**63 - 1), min_size=1), extra=st.integers(1, 2**40))
def test_texts_sort_as_the_numbers_do(numbers, extra):
    values = min(max(numbers) + extra, 2**63)
    (texts,) = as_text(np.array([numbers]), values)
    assert len(set(map(len, texts))) == 1
    assert 94 ** (len(texts[0]) - 1) < max(values, 2)
    order = sorted(range(len(numbers)), key=lambda i: texts[i])
    assert [numbers[i] for i in order] == sorted(numbers)
    assert len(set(texts)) == len(set(numbers))


@given(
    documents=arrays(np.int8, (6, 20), elements=st.integers(-1, 1)),
    query=arrays(np.int8, 20, elements=st.integers(-1, 1)),
)
def test_words_are_counted_as_often_as_the_query_has_them(documents, query):
    scheme = WordScheme(k=2, N=9, grid=Grid(3, diagonal_neighbors=False))
    length = scheme.grid.length
    documents = np.resize(documents, (6, length))
    query = np.resize(query, length)
    has = [set(row) for row in scheme.words(documents).tolist()]
    expected = [sum(word in own for word in scheme.words(query).tolist()) for own in has]
    assert occurring_words(scheme, documents)(query).tolist() == expected
