"""Where signatures are kept: mappings that hold what the codec stores, and what is refused."""

import pytest

from imgsig.codecs import get_codec
from imgsig.errors import ConfigError
from imgsig.layouts.signature_place import SignaturePlace

BYTES = get_codec({"id": "packed", "strip": "half"})
TEXT = get_codec({"id": "base62", "strip": "half"})
ARRAY = get_codec({"id": "int_array"})
NONE = get_codec({"id": "none"})


@pytest.mark.parametrize(
    ("place", "codec", "field"),
    [
        ("index_false", ARRAY, {"type": "byte", "index": False}),
        ("source", ARRAY, {"type": "byte", "index": False, "doc_values": False}),
        ("source", BYTES, {"type": "keyword", "index": False, "doc_values": False}),
        ("stored", BYTES, {"type": "binary", "store": True}),
        (
            "stored",
            TEXT,
            {"type": "keyword", "index": False, "store": True, "doc_values": False},
        ),
        ("doc_values", BYTES, {"type": "binary", "doc_values": True}),
        ("doc_values", TEXT, {"type": "keyword", "index": False}),
    ],
)
def test_mapping_follows_what_the_codec_stores(place, codec, field):
    assert SignaturePlace(place, "s").properties(codec) == {"s": field}


def test_what_is_left_to_elasticsearch_has_no_mapping():
    assert SignaturePlace().properties(ARRAY) == {}
    assert SignaturePlace("stored").properties(NONE) == {}
    assert SignaturePlace("stored").field(NONE, None) == {}


@pytest.mark.parametrize("place", ["stored", "doc_values"])
def test_an_array_has_no_place_in_one_value(place):
    with pytest.raises(ConfigError, match="array of integers"):
        SignaturePlace(place).check(ARRAY)
    SignaturePlace(place).check(TEXT)


@pytest.mark.parametrize(
    ("place", "codec"),
    [
        (place, codec)
        for place in ("dynamic", "index_false", "source", "stored", "doc_values")
        for codec in (BYTES, TEXT, ARRAY)
        if codec is not ARRAY or place not in ("stored", "doc_values")
    ],
    ids=repr,
)
def test_what_is_sent_is_read_back(place, codec, signatures):
    kept = SignaturePlace(place)
    for form in codec.encode_batch(signatures[:10]):
        sent = kept.field(codec, form)
        hit = {"_source": sent} if kept.in_source else {"fields": {"signature": [*sent.values()]}}
        assert kept.stored_form(codec, hit) == form


def test_binary_fields_get_padded_base64():
    (value,) = SignaturePlace("doc_values").field(BYTES, bytes(79)).values()
    assert len(value) == 108
    assert value.endswith("==")
    (value,) = SignaturePlace("source").field(BYTES, bytes(79)).values()
    assert len(value) == 106
