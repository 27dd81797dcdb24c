import pytest

from imgsig import ConfigError
from imgsig.index.fields import Fields
from imgsig.index.opening import identity_of

COLUMN = identity_of("tagged_column")
SOURCE = identity_of("tagged_integer")
KEYWORD = {"type": "keyword"}


@pytest.mark.parametrize(
    ("name", "field", "message"),
    [
        ("path", KEYWORD, r"the layout's own \(it has path, signature and simple_words\)"),
        ("simple_words", KEYWORD, "the layout's own"),
        ("a.b", KEYWORD, "a name has no dot"),
        ("_a", KEYWORD, "begins with no underscore"),
        ("exif_json", {"type": "text", "index": False}, "names that end in '_json' are those of"),
        ("a", "keyword", r"declared by its mapping, such as .*not by 'keyword'"),
        ("a", {"type": "flattened"}, r"keeps no _source.*tagged_integer"),
        ("a", {"type": "object"}, "keeps no _source"),
        ("a", {"type": "nested", "properties": {"b": KEYWORD}}, "keeps no _source"),
    ],
)
def test_what_cannot_be_declared_is_refused(name, field, message):
    with pytest.raises(ConfigError, match=message):
        Fields(COLUMN, {name: field})


def test_without_source_what_has_no_doc_values_is_stored():
    declared = {
        "text": {"type": "text"},
        "bare": {"type": "keyword", "doc_values": False},
        "object": {"properties": {"day": {"type": "date"}}},
    }
    fields = Fields(COLUMN, declared)
    assert fields.declared == {
        "text": {"type": "text", "store": True},
        "bare": {"type": "keyword", "doc_values": False, "store": True},
        "object": {"dynamic": False, "properties": {"day": {"type": "date"}}},
    }
    assert fields.fetch() == {
        "source": False,
        "docvalue_fields": ["object.day"],
        "stored_fields": ["text", "bare"],
    }
    hit = {"fields": {"path": ["p"], "object.day": ["2020"], "text": ["a", "b"]}}
    assert fields.of_hit(hit) == {"object": {"day": "2020"}, "text": ["a", "b"]}


def test_with_source_fields_stay_as_they_were_declared():
    fields = Fields(SOURCE, {"text": {"type": "text"}, "any": {"type": "flattened"}})
    assert fields.declared == {"text": {"type": "text"}, "any": {"type": "flattened"}}
    assert fields.fetch() == {"source": ["text", "any"]}
    hit = {"_source": {"path": "p", "signature": "s", "any": {"x": 1}}}
    assert fields.of_hit(hit) == {"any": {"x": 1}}


def test_undeclared_metadata_are_refused_and_named():
    fields = Fields(COLUMN, {"tenant": KEYWORD, "object": {"properties": {"a": KEYWORD}}})
    assert fields.split({"tenant": "x", "object": {"a": "y"}}) == {
        "tenant": "x",
        "object": {"a": "y"},
    }
    with pytest.raises(ConfigError, match=r"has 'shop', which .* \(it has tenant, object\.a\)"):
        fields.split({"shop": 1})
    with pytest.raises(ConfigError, match=r"has 'object\.b'"):
        fields.split({"object": {"b": 1}})
    with pytest.raises(ConfigError, match=r"object = 5, which is an object"):
        fields.split({"object": 5})
    with pytest.raises(ConfigError, match="a mapping of fields, not 'x'"):
        fields.split("x")


def test_where_source_is_kept_an_object_may_hold_more():
    fields = Fields(SOURCE, {"object": {"properties": {"a": KEYWORD}}})
    assert fields.split({"object": {"b": 1}}) == {"object": {"b": 1}}


def test_an_index_that_declares_nothing_takes_all_but_the_layouts_own():
    fields = Fields(identity_of("dynamic"), None)
    assert fields.split({"metadata": {"a": 1}}) == {"metadata": {"a": 1}}
    with pytest.raises(ConfigError, match="cannot set 'simple_word_3'"):
        fields.split({"simple_word_3": 1})
    hit = {"_source": {"path": "p", "signature": "s", "metadata": {"a": 1}}}
    assert fields.of_hit(hit) == {"metadata": {"a": 1}}


def test_the_fields_of_a_mapping_are_those_that_are_not_the_layouts():
    mapping = {"path": KEYWORD, "signature": {"type": "binary"}, "simple_words": {}, "a": KEYWORD}
    assert Fields.of_mapping(COLUMN, mapping).declared == {"a": KEYWORD}


def test_a_migrated_index_gives_fields_back_from_texts_where_there_are_some():
    text = {"type": "text", "index": False, "store": True}
    properties = {
        "path": KEYWORD,
        "metadata": {"properties": {"n": {"type": "long"}, "off": {"enabled": False}}},
        "metadata_json": text,
        "url_json": text,
        "note": {"type": "text"},
    }
    fields = Fields.of_mapping(COLUMN, properties)
    assert set(fields.declared) == {"metadata", "note"}
    assert fields.fetch() == {
        "source": False,
        "docvalue_fields": ["metadata.n"],
        "stored_fields": ["metadata_json", "url_json"],
    }
    assert fields.of_hit({"fields": {"metadata.n": [3]}}) == {"metadata": {"n": 3}}
    both = {"metadata.n": [1, 2], "metadata_json": ['{"n": [2, 1]}'], "url_json": ['"u"']}
    assert fields.of_hit({"fields": both}) == {"metadata": {"n": [2, 1]}, "url": "u"}
    assert set(Fields.of_mapping(SOURCE, properties).declared) == set(properties) - {"path"}
