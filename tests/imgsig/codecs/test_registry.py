import pytest

import imgsig.codecs
from imgsig.codecs import Base36, Codec, codec_ids, get_codec, register_codec
from imgsig.errors import ConfigError


def concrete(codec):
    for subclass in codec.__subclasses__():
        if "codec_id" in vars(subclass) and subclass.__module__.startswith("imgsig."):
            yield subclass
        yield from concrete(subclass)


def test_every_codec_is_registered_and_exported():
    found = list(concrete(Codec))
    assert {codec.codec_id for codec in found} == set(codec_ids())
    assert len(found) == len(codec_ids())
    for codec in found:
        assert getattr(imgsig.codecs, codec.__name__) is codec
        assert codec.__name__ in imgsig.codecs.__all__


def test_an_id_is_given_once():
    class Other(Base36):
        codec_id = "base62"

    with pytest.raises(ConfigError, match=r"base62.*new id"):
        register_codec(Other)
    register_codec(Base36)
    assert type(get_codec({"id": "base62"})) is not Other


@pytest.mark.parametrize("codec_id", [None, "base63", 62, ["base62"]])
def test_unknown_ids_are_refused(codec_id):
    with pytest.raises(ConfigError, match="base62"):
        get_codec({"id": codec_id})


@pytest.mark.parametrize("config", ["packed", None, 5, ["packed"]])
def test_what_is_no_config_is_refused(config):
    with pytest.raises(ConfigError, match="strip"):
        get_codec(config)


def test_a_missing_id_is_refused():
    with pytest.raises(ConfigError, match="codec id"):
        get_codec({"strip": "half"})
