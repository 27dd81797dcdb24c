"""The codec ``zlib``."""

import zlib

from imgsig.codecs.compressed import CompressedCodec


class Zlib(CompressedCodec):
    """Compresses with zlib at its best level, as a raw deflate stream (RFC 1951)."""

    codec_id = "zlib"

    def _compress(self, data: bytes) -> bytes:
        return zlib.compress(data, level=9, wbits=-15)

    def _decompress(self, data: bytes, limit: int) -> bytes:
        stream = zlib.decompressobj(wbits=-15)
        try:
            result = stream.decompress(data, limit + 1)
        except zlib.error as error:
            raise self._damaged(error) from error
        if not stream.eof or stream.unused_data:
            raise self._damaged("it ends too early or too late")
        return result
