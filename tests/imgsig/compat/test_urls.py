"""What is behind a URL is fetched within limits, and nothing but HTTP."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from imgsig.compat import FetchError, ImageSignature, fetch


class Handler(BaseHTTPRequestHandler):
    """Serves a picture, and what goes wrong."""

    data = b""

    def log_message(self, *_):
        """Say nothing."""

    def do_GET(self):
        with suppress(OSError):  # who fetches may give up
            getattr(self, f"_{self.path.strip('/').partition('/')[0]}")()

    def _answer(self, status=200, length=None, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def _picture(self):
        self._answer(length=len(self.data))
        self.wfile.write(self.data)

    def _moved(self):
        self._answer(302, Location="/picture")

    def _round(self):
        self._answer(302, Location=f"/round/{time.monotonic_ns()}")

    def _file(self):
        self._answer(302, Location="file:///etc/hostname")

    def _ftp(self):
        self._answer(302, Location="ftp://127.0.0.1/a.jpg")

    def _missing(self):
        self._answer(404)

    def _silent(self):
        time.sleep(3)

    def _slow(self):
        self._answer()
        for _ in range(60):
            self.wfile.write(b"x")
            time.sleep(0.05)

    def _endless(self):
        self._answer()
        for _ in range(1000):
            self.wfile.write(bytes(10_000))

    def _short(self):
        self._answer(length=1000)
        self.wfile.write(bytes(100))

    def _nonsense(self):
        self.wfile.write(b"nonsense\r\n\r\n")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        running.block_on_close = False
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


limited = partial(fetch, max_bytes=100_000, seconds=0.5, redirects=3)


def test_a_url_is_signed_as_the_file_there(server, here):
    Handler.data = (here / "grey.png").read_bytes()
    gis = ImageSignature(fetch=limited)
    for path in ("picture", "moved"):
        found = gis.generate_signature(f"{server}/{path}")
        assert (found == gis.generate_signature("grey.png")).all()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("round", "leads elsewhere too often"),
        ("file", "file:///etc/hostname' is not allowed"),
        ("ftp", "only http:// and https://"),
        ("missing", "404"),
        ("silent", "no answer within 0.5 seconds"),
        ("slow", "takes more than the 0.5 seconds"),
        ("endless", "more than the 100,000 bytes"),
        ("short", "ended 900 bytes before its end; fetch it again"),
        ("nonsense", "cannot be fetched"),
    ],
)
def test_what_goes_wrong_is_said_and_takes_no_longer_than_it_may(server, path, reason):
    begun = time.monotonic()
    with pytest.raises(FetchError, match=reason):
        limited(f"{server}/{path}")
    assert time.monotonic() - begun < 2.5


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hostname",
        "file:/etc/hostname",
        "FILE:///etc/hostname",
        "ftp://127.0.0.1/a.jpg",
        "gopher://127.0.0.1/",
        "jar:file:///a!/b",
    ],
)
def test_other_schemes_are_refused(url, here):
    with pytest.raises((FetchError, FileNotFoundError)):
        ImageSignature().generate_signature(url)
    with pytest.raises(FetchError, match="only http"):
        fetch(url)


@pytest.mark.parametrize("url", ["http://", "http://127.0.0.1:9/a.jpg", "http://[::1"])
def test_addresses_without_a_server_are_said(url):
    with pytest.raises((FetchError, ValueError)):
        limited(url)
