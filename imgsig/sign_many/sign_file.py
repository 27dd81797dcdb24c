"""Sign one file, in whatever process: every failure of the file becomes a record."""

import hashlib
import os
import stat
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgsig.config import SignatureConfig
from imgsig.errors import ConfigError, CorruptImageError, NotAnImageError
from imgsig.file_names import written_name
from imgsig.image import MAX_PIXELS
from imgsig.sign_many.cache import SignatureDatabase, content_key
from imgsig.signature import generate_signature


@dataclass(frozen=True)
class Settings:
    """What holds for every file of a call.

    A file that takes longer than so many seconds is given up; `memory` is what a worker may take,
    in bytes beyond what it has when it starts. `ConfigError` if a limit is not positive.
    """

    config: SignatureConfig = field(default_factory=SignatureConfig)
    max_pixels: int = MAX_PIXELS
    seconds: float = 60.0
    memory: int = 2 * 2**30
    cache: Path | None = None

    def __post_init__(self) -> None:
        for name in ("max_pixels", "seconds", "memory"):
            if not (value := getattr(self, name)) > 0:
                raise ConfigError(f"{name} = {value!r} is impossible: it must be above 0")


#: What may become of a file.
OUTCOMES = {
    "ok": "it was signed",
    "corrupt": "it is damaged, empty, or of a size or shape that is not allowed",
    "not a picture": "it is in none of the formats that are read",
    "missing": "there is no such file",
    "unreadable": "no permission, a directory, a pipe, or an error of the disk",
    "too large": "the file alone is larger than the memory allowed",
    "out of memory": "decoding it took more than the memory allowed",
    "timed out": "it took longer than allowed",
    "worker died": "twice: a crash of the decoder, or a kill from outside",
}


@dataclass(frozen=True)
class SignedFile:
    """The signature of a file, or why there is none.

    Parameters
    ----------
    path : str
        As it was given.
    outcome : str
        One of `OUTCOMES`.
    signature : ndarray or None
        ``int8[length]``; None unless the outcome is ``ok``.
    reason : str
        Why there is none, in words; "" where there is.
    sha256 : str
        Hexadecimal hash of the file's content; "" where it was not read to its end.
    seconds : float
        Reading, hashing and signing in the worker; NaN where the worker did not live to tell.
    from_cache : bool
        Whether the signature (or the reason) is of an earlier time.
    """

    path: str
    outcome: str
    signature: NDArray[np.int8] | None = None
    reason: str = ""
    sha256: str = ""
    seconds: float = float("nan")
    from_cache: bool = False

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            raise ValueError(f"outcome {self.outcome!r} is none of {', '.join(OUTCOMES)}")
        if (self.signature is None) == (self.outcome == "ok"):
            raise ValueError(f"a file that is {self.outcome!r} with signature {self.signature}")

    @property
    def is_ok(self) -> bool:
        """Whether there is a signature."""
        return self.signature is not None

    def describe(self) -> dict[str, Any]:
        """JSON-ready: the signature as a list, NaN as None, the path as `written_name` has it.

        >>> SignedFile("a.jpg", "missing", reason="no such file").describe()["outcome"]
        'missing'
        """
        return {
            "path": written_name(self.path),
            "outcome": self.outcome,
            "reason": self.reason,
            "sha256": self.sha256,
            "seconds": None if np.isnan(self.seconds) else round(self.seconds, 6),
            "from_cache": self.from_cache,
            "signature": None if self.signature is None else self.signature.tolist(),
        }


def sign_file(path: str, settings: Settings) -> SignedFile:
    """Read, hash and sign a file, or look its signature up by the hash."""
    begin = perf_counter()
    return replace(_sign(path, settings), seconds=perf_counter() - begin)


def _sign(path: str, settings: Settings) -> SignedFile:
    try:
        data = _read(path, settings.memory)
    except FileNotFoundError:
        return SignedFile(path, "missing", reason="no such file")
    except _TooLargeError as error:
        return SignedFile(path, "too large", reason=str(error))
    except MemoryError:
        return SignedFile(path, "out of memory", reason="it does not fit into memory")
    except (OSError, ValueError) as error:  # ValueError: a name that holds a zero byte
        return SignedFile(path, "unreadable", reason=getattr(error, "strerror", "") or str(error))
    digest = hashlib.sha256(data).hexdigest()
    if settings.cache is None:
        return _signed(path, data, digest, settings)
    return _remembered(path, data, digest, settings, SignatureDatabase.opened(settings.cache))


def _remembered(
    path: str, data: bytes, digest: str, settings: Settings, cache: SignatureDatabase
) -> SignedFile:
    key = content_key(digest, settings.config, settings.max_pixels)
    if (known := cache.get(key)) is not None:
        return SignedFile(path, "ok", known, sha256=digest, from_cache=True)
    signed = _signed(path, data, digest, settings)
    if signed.signature is not None:
        cache.put(key, signed.signature)
    return signed


class _TooLargeError(Exception):
    """A file larger than the memory allowed."""


def _read(path: str, most: int) -> bytes:
    # A pipe or a device may never end: only what has an end is opened.
    found = Path(path).stat()
    if stat.S_ISDIR(found.st_mode):
        os.scandir(path).close()  # one that cannot be entered is told so
    if not stat.S_ISREG(found.st_mode):
        kind = "a directory" if stat.S_ISDIR(found.st_mode) else "a pipe, socket or device"
        raise OSError(0, f"it is {kind}, not a file")
    if found.st_size > most:
        raise _TooLargeError(
            f"its {found.st_size:,} bytes are more than the {most:,} of memory allowed"
        )
    return Path(path).read_bytes()


def _signed(path: str, data: bytes, digest: str, settings: Settings) -> SignedFile:
    try:
        signature = generate_signature(data, settings.config, max_pixels=settings.max_pixels)
    except CorruptImageError as error:
        outcome = "not a picture" if isinstance(error, NotAnImageError) else "corrupt"
        return SignedFile(path, outcome, reason=str(error), sha256=digest)
    except MemoryError:
        reason = f"decoding it takes more than the {settings.memory:,} bytes allowed"
        return SignedFile(path, "out of memory", reason=reason, sha256=digest)
    return SignedFile(path, "ok", signature, sha256=digest)
