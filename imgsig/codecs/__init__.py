"""Codecs: how a signature becomes what is stored, by id in one registry."""

from collections.abc import Mapping
from typing import Any

from imgsig.codecs.base import Codec, Stored
from imgsig.codecs.compressed import Brotli, Zlib, Zstd, ZstdDict
from imgsig.codecs.context import Context
from imgsig.codecs.packed import Bitplanes, Packed, Sign, ThreePerByte
from imgsig.codecs.plain import Int8, Int8Base64, IntArray, NotStored
from imgsig.codecs.radix_text import Base36, Base62, Base85
from imgsig.errors import ConfigError

__all__ = [
    "Base36",
    "Base62",
    "Base85",
    "Bitplanes",
    "Brotli",
    "Codec",
    "Context",
    "Int8",
    "Int8Base64",
    "IntArray",
    "NotStored",
    "Packed",
    "Sign",
    "Stored",
    "ThreePerByte",
    "Zlib",
    "Zstd",
    "ZstdDict",
    "codec_ids",
    "get_codec",
    "register_codec",
]

_REGISTRY: dict[str, type[Codec]] = {}


def register_codec(codec: type[Codec]) -> None:
    """Add a codec class under its ``codec_id``.

    Parameters
    ----------
    codec : type
        A concrete subclass of `Codec`.

    Raises
    ------
    ConfigError
        If the id is taken by another class.
    """
    taken = _REGISTRY.setdefault(codec.codec_id, codec)
    if taken is not codec:
        raise ConfigError(
            f"codec id {codec.codec_id!r} is taken by {taken.__name__}; bytes that change get a new"
            " id"
        )


def codec_ids() -> list[str]:
    """Ids of all registered codecs, in the order of registration."""
    return list(_REGISTRY)


def get_codec(config: Mapping[str, Any]) -> Codec:
    """Build a codec from its config.

    Parameters
    ----------
    config : mapping
        ``{"id": …, "strip": …}`` and, where they differ from the defaults, what else the codec
        takes: ``n``, ``diagonal_neighbors`` and ``n_levels`` of the signature's config.

    Raises
    ------
    ConfigError
        If the id or a parameter is unknown or out of range.

    Examples
    --------
    >>> from imgsig.codecs import get_codec
    >>> codec = get_codec({"id": "base62", "strip": "half"})
    >>> len(codec.encode([0] * 648))
    107
    """
    codec_id = config.get("id") if isinstance(config, Mapping) else config
    if not isinstance(codec_id, str) or codec_id not in _REGISTRY:
        raise ConfigError(
            f"codec id must be one of {', '.join(_REGISTRY)}, not {codec_id!r}, in a config such "
            'as {"id": "packed", "strip": "half"}'
        )
    return _REGISTRY[codec_id].from_config(config)


for _codec in (
    *(IntArray, Int8, Int8Base64, Base36, Base62, Base85, Packed, ThreePerByte, Bitplanes),
    *(Zlib, Zstd, ZstdDict, Brotli, Context, Sign, NotStored),
):
    register_codec(_codec)
