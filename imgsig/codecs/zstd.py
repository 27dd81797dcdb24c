"""The codec ``zstd``."""

from typing import Any

from imgsig.codecs.compressed import CompressedCodec
from imgsig.codecs.extras import import_extra


class Zstd(CompressedCodec):
    """Compresses with Zstandard (RFC 8878) at its best level, as a frame without magic number.

    Raises
    ------
    ConfigError
        If the package ``zstandard`` is not installed; the extra ``codecs`` installs it.
    """

    codec_id = "zstd"

    def __init__(self, strip: str = "none", form: str = "bytes", **grid: Any) -> None:
        super().__init__(strip, form, **grid)
        self._zstandard = zstandard = import_extra("zstandard", self.codec_id)
        dictionary = self._dictionary()
        parameters = zstandard.ZstdCompressionParameters.from_level(
            22,
            format=zstandard.FORMAT_ZSTD1_MAGICLESS,
            window_log=zstandard.WINDOWLOG_MIN,
            write_content_size=False,
            write_checksum=False,
            write_dict_id=False,
        )
        self._compressor = zstandard.ZstdCompressor(
            compression_params=parameters, dict_data=dictionary
        )
        self._decompressor = zstandard.ZstdDecompressor(
            format=zstandard.FORMAT_ZSTD1_MAGICLESS,
            dict_data=dictionary,
            # No block unpacks to more than the window, so a foreign frame cannot fill the memory.
            max_window_size=2**zstandard.WINDOWLOG_MIN,
        )

    def _dictionary(self) -> Any:
        """No dictionary."""
        return None

    def _compress(self, data: bytes) -> bytes:
        result: bytes = self._compressor.compress(data)
        return result

    def _decompress(self, data: bytes, limit: int) -> bytes:
        stream = self._decompressor.decompressobj()
        try:
            result: bytes = stream.decompress(data)
        except self._zstandard.ZstdError as error:
            raise self._damaged(error) from error
        if not stream.eof or stream.unused_data:
            raise self._damaged("it ends too early or too late")
        return result
