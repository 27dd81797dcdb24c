"""The names that the package `imgsig` offers, imported when the first of them is asked for."""

from imgsig import __version__, codecs, layouts, strips
from imgsig.config import SignatureConfig
from imgsig.distance import normalized_distance
from imgsig.errors import (
    CodecError,
    ConfigError,
    CorruptImageError,
    EngineError,
    ImageIndexError,
    ImgsigError,
    NotAnImageError,
    OtherIndexError,
    ScoreError,
    WorkersError,
)
from imgsig.grid import Grid
from imgsig.sign_many import SignedFile, sign_many
from imgsig.signature import generate_signature
from imgsig.signature_quality import quality
from imgsig.words import WordScheme, get_words

__all__ = [
    "CodecError",
    "ConfigError",
    "CorruptImageError",
    "EngineError",
    "Grid",
    "ImageIndexError",
    "ImgsigError",
    "NotAnImageError",
    "OtherIndexError",
    "ScoreError",
    "SignatureConfig",
    "SignedFile",
    "WordScheme",
    "WorkersError",
    "__version__",
    "codecs",
    "generate_signature",
    "get_words",
    "layouts",
    "normalized_distance",
    "quality",
    "sign_many",
    "strips",
]
