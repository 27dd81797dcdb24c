"""The codec ``zstd_dict``."""

from importlib import resources
from typing import Any, ClassVar

from imgsig.codecs.zstd import Zstd


class ZstdDict(Zstd):
    """Compresses as ``zstd`` does, with a dictionary trained on signatures of photographs.

    The dictionary is of the form ``bytes`` over the strip ``half``; other combinations gain little.

    Raises
    ------
    ConfigError
        If the package ``zstandard`` is not installed; the extra ``codecs`` installs it.
    """

    codec_id = "zstd_dict"
    #: File of the dictionary; another dictionary is another codec.
    dictionary_name: ClassVar[str] = "zstd_dict_v1.bin"

    def _dictionary(self) -> Any:
        data = (resources.files("imgsig.codecs") / self.dictionary_name).read_bytes()
        return self._zstandard.ZstdCompressionDict(data)
