import json

import pytest

from imgsig import ConfigError, OtherIndexError, SignatureConfig, WordScheme
from imgsig.codecs import get_codec
from imgsig.index import Identity
from imgsig.index.identity import META
from imgsig.index.opening import identity_of
from imgsig.layouts import LAYOUTS, get_layout


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_an_index_says_of_itself_is_read_again(layout):
    identity = identity_of(
        layout,
        {"N": 20, "k": 8, "strip": "half"},
        {"id": "base62", "strip": "half"},
        {"n": 7, "decode": "fast"},
    )
    meta = json.loads(json.dumps(identity.meta({"name": "elasticsearch", "version": "9.2.4"})))
    assert meta[META]["engine"] == {"name": "elasticsearch", "version": "9.2.4"}
    assert Identity.from_meta(meta, "photos") == identity
    assert identity.codec.grid == identity.words.grid == identity.signature.grid


def test_parts_are_given_as_objects_or_as_their_configs():
    objects = identity_of(
        "tagged_column", WordScheme(N=20), get_codec({"id": "context"}), SignatureConfig(P=7)
    )
    configs = identity_of("tagged_column", {"N": 20, "k": 16}, {"id": "context"}, {"P": 7})
    assert objects == configs != identity_of()


def test_a_layout_that_is_named_has_the_words_of_image_match_else_those_that_are_recommended():
    assert identity_of().get_config()["words"] == {"N": 63, "k": 6}
    assert identity_of(words={"N": 20}).get_config()["words"] == {"N": 20, "k": 6}
    assert identity_of("keyword_column").words == WordScheme(N=63, k=16)
    assert identity_of(words=WordScheme(N=20)).words == WordScheme(N=20, k=16)


def test_an_index_without_a_description_has_no_identity():
    assert Identity.from_meta({"imgsig_bench": {}}, "photos") is None


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"format": 2}, "form that this release does not read"),
        ("what", "form that this release does not read"),
        ({"format": 1, "layout": "huge"}, r"layout must be one of .*'huge'.*release that made it"),
        ({"format": 1, "codec": {"id": "newer"}}, "codec id must be one of"),
    ],
)
def test_a_description_of_another_release_is_refused(written, message):
    with pytest.raises(OtherIndexError, match=message):
        Identity.from_meta({META: written}, "photos")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"layouts": "tagged_column"}, "has no parameter 'layouts'"),
        ({"codec": "packed"}, "takes a mapping of id, strip, .*not 'packed'"),
        ({"codec": {"id": "int_array"}}, "array of integers"),
        ({"words": {"N": 700}}, "N = 700 is impossible"),
    ],
)
def test_parts_that_do_not_go_together_are_refused(config, message):
    with pytest.raises(ConfigError, match=message):
        Identity.from_config(config)


def test_words_and_codec_must_be_of_the_signature():
    layout, codec = get_layout("tagged_column"), get_codec({"id": "packed"})
    signature = SignatureConfig(n=7)
    with pytest.raises(ConfigError, match="the words are of"):
        Identity(layout, WordScheme(), codec, signature)
    with pytest.raises(ConfigError, match=r"codec .* is not of signatures on"):
        Identity(layout, WordScheme(grid=signature.grid), codec, signature)
