"""General compressors over bytes, as a baseline for the codecs that know what a signature is."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgsig.codecs.base import Codec
from imgsig.codecs.int8 import Int8
from imgsig.codecs.packed import Packed
from imgsig.errors import CodecError, ConfigError

#: What is compressed: one byte a value, or the packed number.
FORMS: dict[str, type[Int8] | type[Packed]] = {"bytes": Int8, "packed": Packed}


class CompressedCodec(Codec):
    """Compresses each signature by itself, without headers or checksums.

    What was compressed tells by its size whether it was stripped. Newer releases of a compressor
    may write other bytes for the same signature; they all decode.

    Parameters
    ----------
    strip : str
        Which values are kept, see `imgsig.strips`.
    form : {"bytes", "packed"}
        What is compressed: the codec ``int8`` or the codec ``packed``.
    n, diagonal_neighbors, n_levels
        Of the signature's config, where they differ from its defaults.
    """

    stored_type = bytes
    canonical = False

    def __init__(self, strip: str = "none", form: str = "bytes", **grid: Any) -> None:
        super().__init__(strip, **grid)
        if not isinstance(form, str) or form not in FORMS:
            raise ConfigError(f"form must be one of {', '.join(FORMS)}, not {form!r}")
        self.form = form
        self._inner = FORMS[form](strip, **grid)

    @abstractmethod
    def _compress(self, data: bytes) -> bytes:
        """Compress one signature."""

    @abstractmethod
    def _decompress(self, data: bytes, limit: int) -> bytes:
        """Undo `_compress`, to at most `limit` bytes; `CodecError` if it is damaged."""

    def encode_batch(self, signatures: ArrayLike) -> list[Any]:
        """Encode many signatures: ``int8[m, length]`` to m stored forms, as `encode` each."""
        values = self._checked(signatures)
        return [self._compress(data) for data in self._inner.encode_batch(values)]

    def decode_batch(self, stored: Sequence[Any]) -> NDArray[np.int8]:
        """Decode many stored forms to ``int8[m, length]``, as `decode` each."""
        self._check_type(stored)
        limit = self.grid.length  # no form has more than one byte a value
        if max(map(len, stored), default=0) > 2 * limit:
            raise self._damaged("no signature takes as many bytes")
        return self._inner.decode_batch([self._expanded(form, limit) for form in stored])

    def _expanded(self, form: bytes, limit: int) -> bytes:
        # Checked one by one: a batch of forms that all expand must not be held.
        if len(data := self._decompress(form, limit)) > limit:
            raise self._damaged("it expands to more than a signature")
        return data

    def _damaged(self, why: object) -> CodecError:
        return CodecError(f"{self!r} did not write this: {why}")

    def get_config(self) -> dict[str, Any]:
        """Return the canonical form, JSON-ready: the codec's identity."""
        config = super().get_config()
        return config if self.form == "bytes" else {**config, "form": self.form}
