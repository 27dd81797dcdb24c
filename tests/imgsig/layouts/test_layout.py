"""Layouts: parts that do not go together, and what their parts make of a mapping."""

import pytest

from imgsig import WordScheme
from imgsig.codecs import get_codec
from imgsig.errors import ConfigError
from imgsig.layouts.layout import Layout
from imgsig.layouts.signature_place import SignaturePlace
from imgsig.layouts.words import FieldPerWord, OneField

SCHEME = WordScheme(k=16, N=3)
CODEC = get_codec({"id": "packed", "strip": "half"})
WORDS = OneField("integer")
COLUMN = SignaturePlace("doc_values")


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"source": "disabled", "path": "doc_values"}, "signature is kept in _source"),
        ({"source": "synthetic", "path": "doc_values"}, "which is synthetic"),
        ({"source": "disabled", "path": "source", "signature": COLUMN}, "path is kept in _source"),
        ({"source": "disabled", "signature": COLUMN}, "path is kept in _source"),
        ({"path": "source", "sort": "path"}, "sorted by doc values"),
    ],
)
def test_parts_that_do_not_go_together_are_refused(parts, message):
    with pytest.raises(ConfigError, match=message):
        Layout("made", "", WORDS, **parts)


def test_nothing_is_mapped_where_elasticsearch_is_to_choose():
    layout = Layout("made", "", FieldPerWord())
    assert layout.mappings(SCHEME, CODEC) == {}
    assert layout.settings() == {}


def test_words_left_to_elasticsearch_are_not_forbidden():
    layout = Layout("made", "", FieldPerWord(), COLUMN, "keyword")
    assert "dynamic" not in layout.mappings(SCHEME, CODEC)


def test_a_filtered_source_leaves_out_what_is_kept_elsewhere():
    layout = Layout("made", "", FieldPerWord("long"), COLUMN, "source", source="filtered")
    mappings = layout.mappings(SCHEME, CODEC)
    assert mappings["_source"] == {"excludes": ["simple_word_*", "signature"]}
    assert mappings["dynamic"] == "strict"
    assert list(mappings["properties"]) == ["path", "signature"] + [
        f"simple_word_{i}" for i in range(3)
    ]
    in_source = Layout(
        "made", "", WORDS, SignaturePlace("source", "s"), "keyword", "p", source="filtered"
    ).mappings(SCHEME, CODEC)
    assert in_source["_source"] == {"excludes": ["simple_words"]}
    assert set(in_source["properties"]) == {"p", "s", "simple_words"}


def test_settings_of_the_index():
    layout = Layout(
        "made",
        "",
        WORDS,
        COLUMN,
        "doc_values",
        source="synthetic",
        index_codec="best_compression",
        sort="path",
    )
    assert layout.settings() == {
        "mapping.source.mode": "synthetic",
        "codec": "best_compression",
        "sort.field": "path",
        "sort.order": "desc",
    }
    assert "_source" not in layout.mappings(SCHEME, CODEC)


def test_documents_have_path_signature_and_words_in_this_order(signatures):
    layout = Layout("made", "", FieldPerWord())
    (document,) = layout.documents(
        SCHEME, get_codec({"id": "int_array"}), ["a.jpg"], signatures[:1]
    )
    words = SCHEME.words(signatures[0]).tolist()
    assert list(document.items()) == [
        ("path", "a.jpg"),
        ("signature", signatures[0].tolist()),
        *((f"simple_word_{i}", word) for i, word in enumerate(words)),
    ]
    (document,) = layout.documents(SCHEME, get_codec({"id": "none"}), ["a.jpg"], signatures[:1])
    assert "signature" not in document


def test_what_is_fetched():
    column = Layout("made", "", WORDS, COLUMN, "doc_values", source="disabled")
    assert column.fetch("signature") == {"source": False, "docvalue_fields": ["signature"]}
    assert column.fetch("path") == {"source": False, "docvalue_fields": ["path"]}
    assert column.fetch("id") == {"source": False}
    with pytest.raises(ConfigError, match="keeps no _source"):
        column.fetch("source")
    in_source = Layout("made", "", WORDS)
    assert in_source.fetch("signature") == {"source": ["signature"]}
    assert in_source.fetch("path") == {"source": ["path"]}
    assert in_source.fetch("source") == {"source": True}
