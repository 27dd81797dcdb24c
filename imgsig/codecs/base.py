"""What a codec is: how a signature becomes what is stored, and back."""

import binascii
import inspect
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgsig.config import check_keys
from imgsig.errors import CodecError, ConfigError
from imgsig.grid import Grid
from imgsig.strips import get_strip

#: What a codec stores: JSON integers, text, raw bytes, or nothing.
Stored = list[int] | str | bytes | None


class Codec(ABC):
    """Encodes signatures and decodes nothing but what it has encoded.

    Parameters
    ----------
    strip : str
        Which values are kept, see `imgsig.strips`.
    n, diagonal_neighbors, n_levels
        Of the signature's config, where they differ from its defaults.

    Raises
    ------
    ConfigError
        If a parameter is out of range.
    """

    codec_id: ClassVar[str]
    #: Type of the stored form, for those who choose a mapping or a column by it.
    stored_type: ClassVar[type]
    #: Whether every signature in range comes back as it was, regular or not.
    lossless: ClassVar[bool] = True
    #: Whether each signature has one stored form only, so that whatever decodes encodes to the same
    #: again. General compressors write other bytes from release to release.
    canonical: ClassVar[bool] = True

    def __init__(
        self, strip: str = "none", n: int = 9, diagonal_neighbors: bool = True, n_levels: int = 2
    ) -> None:
        if type(n_levels) is not int or not 1 <= n_levels <= 127:
            raise ConfigError(f"n_levels must be an integer from 1 to 127, not {n_levels!r}")
        self.grid = Grid(n, diagonal_neighbors)
        self.strip = get_strip(strip, self.grid)
        self.n_levels = n_levels

    @abstractmethod
    def encode_batch(self, signatures: ArrayLike) -> list[Any]:
        """Encode many signatures: ``int8[m, length]`` to m stored forms, as `encode` each."""

    @abstractmethod
    def decode_batch(self, stored: Sequence[Any]) -> NDArray[np.int8]:
        """Decode many stored forms to ``int8[m, length]``, as `decode` each."""

    def encode(self, signature: ArrayLike) -> Any:
        """Encode one signature.

        Parameters
        ----------
        signature : array_like
            ``int8[length]``, values in −n_levels..n_levels.

        Returns
        -------
        list of int, str, bytes or None
            By codec, see `stored_type`.

        Raises
        ------
        CodecError
            If the length or a value is out of range.
        """
        return self.encode_batch(
            [signature] if isinstance(signature, list) else np.asarray(signature)[np.newaxis]
        )[0]

    def decode(self, stored: Any) -> NDArray[np.int8]:
        """Decode one stored form.

        Parameters
        ----------
        stored : list of int, str or bytes
            As `encode` returned it.

        Returns
        -------
        ndarray
            ``int8[length]``.

        Raises
        ------
        CodecError
            If no encoder wrote it.
        """
        signature: NDArray[np.int8] = self.decode_batch([stored])[0]
        return signature

    def to_json(self, stored: Any) -> list[int] | str | None:
        """Put a stored form into what JSON can hold: bytes as unpadded base64, the rest as it is.

        Elasticsearch's ``binary`` fields that are stored or have doc values want it padded.
        """
        if isinstance(stored, bytes):
            return base64_of_bytes(stored)
        json_ready: list[int] | str | None = stored
        return json_ready

    def from_json(self, value: Any) -> Any:
        """Undo `to_json`, whether or not base64 has the padding that Elasticsearch returns it with.

        Raises
        ------
        CodecError
            If a codec of bytes is given anything but base64.
        """
        if self.stored_type is not bytes:
            return value
        if isinstance(value, str) and len(value) % 4 == 0:
            value = value.removesuffix("=").removesuffix("=")
        return bytes_of_base64(value)

    def _checked(self, signatures: ArrayLike) -> NDArray[np.int8]:
        """``int8[m, length]`` of valid signatures; `CodecError` if they are not."""
        length = self.grid.length
        try:
            values = np.asarray(signatures)
        except ValueError as error:
            raise CodecError(f"signatures for {self!r} have {length} values each") from error
        if values.ndim != 2 or values.shape[1] != length:
            raise CodecError(
                f"a signature for {self!r} has {length} values, not {values.shape[1:]}"
            )
        if values.dtype.kind not in "iu":
            raise CodecError(f"signature values are integers, not {values.dtype}")
        if values.size and (values.min() < -self.n_levels or values.max() > self.n_levels):
            raise CodecError(
                f"signature values lie in {-self.n_levels}..{self.n_levels}, these in "
                f"{values.min()}..{values.max()}; set n_levels to that of the signature's config"
            )
        return values.astype(np.int8, copy=False)

    def _check_type(self, stored: Sequence[Any]) -> None:
        """Raise `CodecError` unless every stored form is of the codec's type."""
        for found in set(map(type, stored)) - {self.stored_type}:
            raise CodecError(f"{self!r} stores {self.stored_type.__name__}, not {found.__name__}")

    def get_config(self) -> dict[str, Any]:
        """Return the canonical form, JSON-ready: the codec's identity."""
        config: dict[str, Any] = {"id": self.codec_id, "strip": self.strip.strip_id}
        if self.grid.n != 9:
            config["n"] = self.grid.n
        if not self.grid.diagonal_neighbors:
            config["diagonal_neighbors"] = False
        if self.n_levels != 2:
            config["n_levels"] = self.n_levels
        return config

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "Codec":
        """Build from the canonical form; see `imgsig.codecs.get_codec`."""
        check_keys(config, ["id", *cls._parameters()], f"codec {cls.codec_id!r}")
        return cls(**{key: value for key, value in config.items() if key != "id"})

    @classmethod
    def _parameters(cls) -> list[str]:
        """What it takes, its own before what it hands on to the class that it extends."""
        names: dict[str, None] = {}
        for ancestor in cls.__mro__:
            if issubclass(ancestor, Codec) and "__init__" in vars(ancestor):
                own = inspect.signature(vars(ancestor)["__init__"]).parameters.values()
                names |= {one.name: None for one in own if one.kind is one.POSITIONAL_OR_KEYWORD}
        return [name for name in names if name != "self"]

    def __repr__(self) -> str:
        return json.dumps(self.get_config(), separators=(", ", ": "))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Codec) and self.get_config() == other.get_config()

    def __hash__(self) -> int:
        return hash(repr(self))


def base64_of_bytes(data: bytes) -> str:
    """Write bytes as base64, standard alphabet, without ``=`` at the end.

    >>> base64_of_bytes(bytes(79))[:3], len(base64_of_bytes(bytes(79)))
    ('AAA', 106)
    """
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").decode("ascii")


def bytes_of_base64(text: Any) -> bytes:
    """Read what `base64_of_bytes` wrote, and nothing else.

    `CodecError` if it is no text, or not the one base64 text of any bytes.

    >>> bytes_of_base64(base64_of_bytes(b"signature"))
    b'signature'
    """
    if not isinstance(text, str):
        raise CodecError(f"bytes are kept as base64 text here, not as {type(text).__name__}")
    try:
        data = binascii.a2b_base64(text + "=" * (-len(text) % 4))
    except ValueError as error:  # binascii.Error is one
        raise CodecError(f"{text[:12]!r}… is not base64 without padding: {error}") from error
    # Other characters are passed over; bits left over in the last, or padding, would decode too.
    if base64_of_bytes(data) != text:
        raise CodecError(f"{text[:12]!r}… is not base64 as it is written here")
    return data
