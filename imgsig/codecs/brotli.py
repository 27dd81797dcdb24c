"""The codec ``brotli``."""

from typing import Any

from imgsig.codecs.compressed import CompressedCodec
from imgsig.codecs.extras import import_extra


class Brotli(CompressedCodec):
    """Compresses with Brotli (RFC 7932) at its best quality.

    Raises
    ------
    ConfigError
        If the package ``brotli`` is not installed; the extra ``codecs`` installs it.
    """

    codec_id = "brotli"

    def __init__(self, strip: str = "none", form: str = "bytes", **grid: Any) -> None:
        super().__init__(strip, form, **grid)
        self._brotli = import_extra("brotli", self.codec_id)

    def _compress(self, data: bytes) -> bytes:
        # A window of 1 KiB, the smallest, holds every signature of the default grid.
        result: bytes = self._brotli.compress(data, quality=11, lgwin=10)
        return result

    def _decompress(self, data: bytes, limit: int) -> bytes:
        stream = self._brotli.Decompressor()
        try:
            result: bytes = stream.process(data, output_buffer_limit=limit + 1)
        except self._brotli.error as error:
            raise self._damaged(error) from error
        if not stream.is_finished():
            raise self._damaged("it ends too early or too late")
        return result
