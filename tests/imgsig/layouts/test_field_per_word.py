"""Words in a field each: the documents and queries of image-match."""

import numpy as np
import pytest

from imgsig import Grid, WordScheme
from imgsig.codecs import get_codec
from imgsig.errors import ConfigError
from imgsig.layouts.field_per_word import FieldPerWord

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
