"""The codec ``none``: the signature is not stored."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgsig.codecs.base import Codec
from imgsig.errors import CodecError, ConfigError


class NotStored(Codec):
    """Stores nothing; the words alone are indexed, and only the score can rank.

    Examples
    --------
    >>> NotStored().encode([0] * 648) is None
    True
    """

    codec_id = "none"
    stored_type = type(None)
    lossless = False

    def __init__(self, strip: str = "none", **grid: Any) -> None:
        if strip != "none":
            raise ConfigError(
                f'codec "none" stores nothing to strip; leave strip out, not {strip!r}'
            )
        super().__init__(strip, **grid)

    def encode_batch(self, signatures: ArrayLike) -> list[Any]:
        """None for each signature, once they are found valid."""
        return [None] * len(self._checked(signatures))

    def decode_batch(self, stored: Sequence[Any]) -> NDArray[np.int8]:
        """Raise: there is nothing to decode.

        Raises
        ------
        CodecError
            Always.
        """
        raise CodecError('codec "none" stores no signature; rank by score, or index another codec')

    def get_config(self) -> dict[str, Any]:
        """Return the canonical form, without a strip."""
        return {key: value for key, value in super().get_config().items() if key != "strip"}
