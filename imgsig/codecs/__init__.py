"""Codecs: how a signature becomes what is stored, one file each, by id in one registry."""

from imgsig.codecs.base import Codec, Stored
from imgsig.codecs.base36 import Base36
from imgsig.codecs.base62 import Base62
from imgsig.codecs.base85 import Base85
from imgsig.codecs.bitplanes import Bitplanes
from imgsig.codecs.brotli import Brotli
from imgsig.codecs.context import Context
from imgsig.codecs.int8 import Int8
from imgsig.codecs.int8_base64 import Int8Base64
from imgsig.codecs.int_array import IntArray
from imgsig.codecs.none import NotStored
from imgsig.codecs.packed import Packed
from imgsig.codecs.registry import codec_ids, get_codec, register_codec
from imgsig.codecs.sign import Sign
from imgsig.codecs.three_per_byte import ThreePerByte
from imgsig.codecs.zlib import Zlib
from imgsig.codecs.zstd import Zstd
from imgsig.codecs.zstd_dict import ZstdDict

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

for _codec in (
    IntArray,
    Int8,
    Int8Base64,
    Base36,
    Base62,
    Base85,
    Packed,
    ThreePerByte,
    Bitplanes,
    Zlib,
    Zstd,
    ZstdDict,
    Brotli,
    Context,
    Sign,
    NotStored,
):
    register_codec(_codec)
