"""The codec ``int8_base64``: one byte a value, as text."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgsig.codecs.base64_text import base64_of_bytes, bytes_of_base64
from imgsig.codecs.int8 import Int8


class Int8Base64(Int8):
    """Stores the kept values as signed bytes in base64 without padding.

    Examples
    --------
    >>> len(Int8Base64("none").encode([0] * 648)), len(Int8Base64("half").encode([0] * 648))
    (864, 363)
    """

    codec_id = "int8_base64"
    stored_type = str

    def _size(self, count: int) -> int:
        return -(-count * 4 // 3)

    def _encode_digits(self, digits: NDArray[np.uint8]) -> list[Any]:
        return [base64_of_bytes(form) for form in super()._encode_digits(digits)]

    def _decode_digits(self, stored: Sequence[Any], count: int) -> NDArray[np.uint8]:
        return super()._decode_digits([bytes_of_base64(text) for text in stored], count)
