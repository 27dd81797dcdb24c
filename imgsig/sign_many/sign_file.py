"""Sign one file, in whatever process: every failure of the file becomes a record."""

import hashlib
import os
import stat
from pathlib import Path
from time import perf_counter

from imgsig.errors import CorruptImageError, NotAnImageError
from imgsig.sign_many.cache import SignatureCache, content_key
from imgsig.sign_many.record import SignedFile
from imgsig.sign_many.settings import Settings
from imgsig.signature import generate_signature


def sign_file(path: str, settings: Settings) -> SignedFile:
    """Read, hash and sign a file, or look its signature up by the hash.

    Parameters
    ----------
    path : str
        The file.
    settings : Settings
        What holds for every file.

    Returns
    -------
    SignedFile
    """
    begin = perf_counter()
    return _sign(path, settings).after(perf_counter() - begin)


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
    return _remembered(path, data, digest, settings, SignatureCache.opened(settings.cache))


def _remembered(
    path: str, data: bytes, digest: str, settings: Settings, cache: SignatureCache
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
