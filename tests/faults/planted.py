"""Looks for planted words in what a program leaves: files of any kind, output, command lines."""

import base64
import gzip
import io
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psutil
import pyarrow.parquet as pq
from PIL import Image


def written_forms(secret: str, user: str = "") -> frozenset[bytes]:
    """How a secret may be written: as it is, in an address, and as a header has it."""
    plain = secret.encode()
    forms = {plain, quote(secret, safe="").encode(), base64.b64encode(plain)}
    if user:
        forms.add(base64.b64encode(f"{user}:{secret}".encode()))
    return frozenset(form.rstrip(b"=") for form in forms)


def files_with(words: Iterable[bytes], folder: Path) -> list[Path]:
    """Files below a folder in whose content or name one of some words is."""
    sought = list(words)
    return [
        path
        for path in sorted(folder.rglob("*"))
        if any(
            word in part
            for part in (str(path).encode(errors="surrogateescape"), *contents(path))
            for word in sought
        )
    ]


def contents(path: Path) -> Iterator[bytes]:
    """What is in a file: its bytes, and what they decompress to."""
    if not path.is_file() or path.is_symlink():
        return
    data = path.read_bytes()
    yield data
    if path.suffix == ".parquet" or path.name.endswith(".parquet.part"):
        with suppress(Exception):  # half-written
            table = pq.read_table(io.BytesIO(data))
            yield str(table.schema.metadata).encode()
            for column in table.columns:
                yield "\n".join(map(str, column.to_pylist())).encode(errors="surrogatepass")
    elif data[:2] == b"\x1f\x8b":
        with suppress(OSError, zlib.error):
            yield gzip.decompress(data)
    elif path.suffix == ".png":
        with suppress(Exception), Image.open(io.BytesIO(data)) as picture:
            yield str(picture.info).encode()


class CommandLines:
    """Command lines in which one of some words was seen.

    Parameters
    ----------
    words : iterable of bytes
        See `written_forms`.
    """

    def __init__(self, words: Iterable[bytes]) -> None:
        self._words = [word.decode() for word in words]
        self._ended = threading.Event()
        self.found: set[str] = set()
        self.looks = 0

    def look(self) -> None:
        """Look at all processes once."""
        for process in psutil.process_iter(["cmdline"]):
            line = " ".join(process.info["cmdline"] or [])
            if any(word in line for word in self._words):
                self.found.add(line)
        self.looks += 1

    @contextmanager
    def watched(self, every: float = 0.2) -> Iterator[None]:
        """Look again and again, in a thread, while inside."""

        def watch() -> None:
            while not self._ended.wait(every):
                self.look()

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            thread.join()
