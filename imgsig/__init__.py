"""Image signatures for near-duplicate search: generate, split into words, compare, store small.

The signature is Goldberg's and Wong's ("An image signature for any kind of image", ICIP 2002), bit
for bit as the reference implementation image-match computes it.

Examples
--------
>>> import numpy as np
>>> picture = np.random.default_rng(0).random((90, 120))
>>> signature = generate_signature(picture)
>>> signature.shape, get_words(signature).shape
((648,), (63,))
>>> codec = codecs.get_codec({"id": "base62", "strip": "half"})
>>> (codec.decode(codec.encode(signature)) == signature).all()
np.True_
"""

from imgsig import codecs, strips
from imgsig.config import SignatureConfig
from imgsig.distance import normalized_distance
from imgsig.errors import (
    CodecError,
    ConfigError,
    CorruptImageError,
    ImgsigError,
    NotAnImageError,
    WorkersError,
)
from imgsig.grid import Grid
from imgsig.sign_many import SignedFile, sign_many
from imgsig.signature import generate_signature
from imgsig.word_scheme import WordScheme
from imgsig.words import get_words

__version__ = "0.1.0"

__all__ = [
    "CodecError",
    "ConfigError",
    "CorruptImageError",
    "Grid",
    "ImgsigError",
    "NotAnImageError",
    "SignatureConfig",
    "SignedFile",
    "WordScheme",
    "WorkersError",
    "__version__",
    "codecs",
    "generate_signature",
    "get_words",
    "normalized_distance",
    "sign_many",
    "strips",
]
