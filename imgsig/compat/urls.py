"""Pictures behind URLs: fetched over HTTP and HTTPS, with limits of size, time and redirects."""

import re
import time
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.parse import urlsplit

from imgsig.errors import ImgsigError

#: Bytes, seconds and redirects that a URL may take.
MAX_BYTES, SECONDS, REDIRECTS = 64 * 2**20, 30.0, 5

_SCHEMES = ("http", "https")
_AT_ONCE = 1 << 16


class FetchError(ImgsigError, OSError):
    """What a URL leads to cannot be fetched, or takes more than it may."""


def is_url(path: str) -> bool:
    r"""Whether image-match would fetch a path, or any other program could.

    >>> is_url("https://example.org/a.jpg"), is_url("file:///a.jpg"), is_url(r"C:\a.jpg")
    (True, True, False)
    """
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+:[/\\]{2}|file:", path) is not None


def fetch(
    url: str, *, max_bytes: int = MAX_BYTES, seconds: float = SECONDS, redirects: int = REDIRECTS
) -> bytes:
    """Fetch what a URL leads to.

    Parameters
    ----------
    url : str
        ``http://`` or ``https://``; others are refused, and so are redirects to others.
    max_bytes : int
        An answer that is longer is given up.
    seconds : float
        An answer that takes longer is given up; so is a server that is silent for as long.
    redirects : int
        How often it may lead elsewhere.

    Returns
    -------
    bytes
        The answer's body.

    Raises
    ------
    FetchError
        If there is none within the limits.

    Notes
    -----
    Addresses are not judged: who takes URLs from strangers must keep them from servers of his own
    network, or give `SignatureES` a ``fetch`` that does.
    """
    _check_scheme(url)
    end = time.monotonic() + seconds
    # Without the handlers of file:, ftp: and data: that urlopen has.
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
        _Redirects(url, redirects, end),
    ):
        opener.add_handler(handler)
    request = urllib.request.Request(url, headers={"User-Agent": "imgsig"})  # noqa: S310 - checked
    try:
        with opener.open(request, timeout=seconds) as answer:
            return _body(answer, url, max_bytes, end, seconds)
    except TimeoutError as error:
        raise FetchError(f"{url}: no answer within {seconds:g} seconds") from error
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise FetchError(f"{url}: no answer within {seconds:g} seconds") from error
        raise FetchError(f"{url} cannot be fetched: {error}") from error
    except (HTTPException, ValueError) as error:  # what a server sent, or a URL without a host
        raise FetchError(f"{url} cannot be fetched: {type(error).__name__}: {error}") from error
    except FetchError:
        raise
    except OSError as error:
        raise FetchError(f"{url} cannot be fetched: {error}") from error


def _body(answer: IO[bytes], url: str, max_bytes: int, end: float, seconds: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    read = getattr(answer, "read1", answer.read)  # returns what has come, instead of waiting
    while part := read(_AT_ONCE):
        size += len(part)
        if size > max_bytes:
            raise FetchError(
                f"{url} has more than the {max_bytes:,} bytes allowed; scale the picture down, or "
                "fetch it yourself and give its bytes"
            )
        if time.monotonic() > end:
            raise FetchError(f"{url} takes more than the {seconds:g} seconds allowed")
        parts.append(part)
    if left := getattr(answer, "length", None):
        raise FetchError(f"{url} ended {left:,} bytes before its end; fetch it again")
    return b"".join(parts)


def _check_scheme(url: str) -> None:
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError as error:
        raise FetchError(f"{url!r} is no URL: {error}") from error
    if scheme not in _SCHEMES:
        raise FetchError(
            f"{url!r} is not fetched: only http:// and https:// are; give a file's path without "
            "file://, and what is elsewhere as bytes"
        )


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows so many redirects to what may be fetched."""

    def __init__(self, url: str, most: int, end: float) -> None:
        self._url, self._left, self._end = url, most, end

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """See `urllib.request.HTTPRedirectHandler`."""
        _check_scheme(newurl)
        self._left -= 1
        if self._left < 0 or time.monotonic() > self._end:
            raise FetchError(f"{self._url} leads elsewhere too often, at last to {newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)
