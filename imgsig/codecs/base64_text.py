"""Base64 without padding: bytes where a text is needed."""

import binascii
from base64 import b64decode, b64encode
from typing import Any

from imgsig.errors import CodecError


def base64_of_bytes(data: bytes) -> str:
    """Write bytes as base64, standard alphabet, without ``=`` at the end.

    Examples
    --------
    >>> base64_of_bytes(bytes(79))[:3], len(base64_of_bytes(bytes(79)))
    ('AAA', 106)
    """
    return b64encode(data).decode("ascii").rstrip("=")


def bytes_of_base64(text: Any) -> bytes:
    """Read what `base64_of_bytes` wrote, and nothing else.

    Raises
    ------
    CodecError
        If it is no text, or not the one base64 text of any bytes.

    Examples
    --------
    >>> bytes_of_base64(base64_of_bytes(b"signature"))
    b'signature'
    """
    if not isinstance(text, str):
        raise CodecError(f"bytes are kept as base64 text here, not as {type(text).__name__}")
    try:
        data = b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise CodecError(f"{text[:12]!r}… is not base64 without padding: {error}") from error
    # Bits left over in the last character, or padding, would decode too.
    if base64_of_bytes(data) != text:
        raise CodecError(f"{text[:12]!r}… is not base64 as it is written here")
    return data
