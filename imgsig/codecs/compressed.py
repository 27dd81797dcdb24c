"""General compressors over bytes, as a baseline for the codecs that know what a signature is."""

import importlib
import zlib
from abc import abstractmethod
from collections.abc import Sequence
from importlib import resources
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgsig.codecs.base import Codec
from imgsig.codecs.packed import Packed
from imgsig.codecs.plain import Int8
from imgsig.errors import CodecError, ConfigError

#: What is compressed: one byte a value (the codec ``int8``), or the number of codec ``packed``.
FORMS: dict[str, type[Int8] | type[Packed]] = {"bytes": Int8, "packed": Packed}


class CompressedCodec(Codec):
    """Compresses each signature by itself, without headers or checksums.

    What was compressed tells by its size whether it was stripped. Newer releases of a compressor
    may write other bytes for the same signature; they all decode. The form, one of `FORMS`, is what
    is compressed; the other parameters are those of `Codec`.
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
        """See `Codec.encode_batch`."""
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


class Zstd(CompressedCodec):
    """Compresses with Zstandard (RFC 8878) at its best level, as a frame without magic number.

    `ConfigError` if the package ``zstandard`` is not installed; the extra ``codecs`` installs it.
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


class ZstdDict(Zstd):
    """Compresses as ``zstd`` does, with a dictionary trained on signatures of photographs.

    The dictionary is of the form ``bytes`` over the strip ``half``; other combinations gain little.
    """

    codec_id = "zstd_dict"
    #: File of the dictionary; another dictionary is another codec.
    dictionary_name: ClassVar[str] = "zstd_dict_v1.bin"

    def _dictionary(self) -> Any:
        data = (resources.files("imgsig.codecs") / self.dictionary_name).read_bytes()
        return self._zstandard.ZstdCompressionDict(data)


class Brotli(CompressedCodec):
    """Compresses with Brotli (RFC 7932) at its best quality.

    `ConfigError` if the package ``brotli`` is not installed; the extra ``codecs`` installs it.
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


def import_extra(package: str, codec_id: str) -> Any:
    """Import a package of the extra ``codecs``; `ConfigError` if it is not installed.

    >>> import_extra("no_such_package", "zstd")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    imgsig.errors.ConfigError: codec 'zstd' needs the package no_such_package: ...
    """
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise ConfigError(
            f'codec {codec_id!r} needs the package {package}: pip install "imgsig[codecs]"'
        ) from error
