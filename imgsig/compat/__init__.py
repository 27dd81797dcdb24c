"""image-match's own classes, on this library: change the import, and an application runs on.

``from image_match.elasticsearch_driver import SignatureES`` becomes ``from imgsig.compat import
SignatureES``, and ``image_match.goldberg.ImageSignature`` is here as well. Signatures, documents,
requests and results are image-match's; clients are those that `imgsig.index` takes.

Source: image-match 1.1.2 (https://github.com/EdjoLabs/image-match) and image-match3 1.1.3 on PyPI.
"""

from imgsig.compat.image_signature import ImageSignature
from imgsig.compat.records import make_record
from imgsig.compat.signature_es import SignatureES
from imgsig.compat.urls import FetchError, fetch
from imgsig.errors import CorruptImageError

__all__ = [
    "CorruptImageError",
    "FetchError",
    "ImageSignature",
    "SignatureES",
    "fetch",
    "make_record",
]
