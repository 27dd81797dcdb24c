"""JSON Lines as elasticdump writes them: the file, its lines, and the hits in a line.

A line is a hit, ``{"_index": …, "_id": …, "_source": {…}}``, or, in exports of the scroll API, a
whole answer, with ``hits.hits``. Everything else is a broken line.

https://github.com/elasticsearch-dump/elasticsearch-dump
"""

import gzip
import json
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any

from bench.runs.errors import ExperimentError

#: Bytes of a line beyond which it is broken: a signature and words take about 3 kB.
LONGEST_LINE = 64 * 2**20
_GZIP = b"\x1f\x8b"
#: Bytes of standard input kept at a time.
_BLOCK = 1 << 20


class BrokenLineError(ValueError):
    """A line that holds no document; the message says why."""


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a dump, which may be compressed by gzip."""
    try:
        with path.open("rb") as file:
            if file.read(2) != _GZIP:
                file.seek(0)
                yield file
                return
            file.seek(0)
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield unpacked  # type: ignore[misc] # reads as a file does
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ExperimentError(
            f"{path} cannot be unpacked to its end ({error}): it was cut off or damaged. Copy or "
            "dump it again"
        ) from error


def lines(file: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Lines that are not blank, by number from 0; None is one that is too long."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        whole = line.endswith(b"\n") or len(line) < LONGEST_LINE
        while not line.endswith(b"\n") and (more := file.readline(LONGEST_LINE)):
            line = more
        if not whole:
            yield number, None
        elif line.strip():
            yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line
        number += 1


def documents(line: bytes | None) -> list[dict[str, Any]]:
    """The hits that a line holds; `BrokenLineError` if it holds none."""
    if line is None:
        raise BrokenLineError(f"longer than {LONGEST_LINE >> 20} MiB; a dump has a document a line")
    try:
        content = json.loads(line, parse_constant=_refused)
    except RecursionError as error:
        raise BrokenLineError("objects nested too deep") from error
    except ValueError as error:
        raise BrokenLineError(f"not JSON ({error})") from error
    inner = content.get("hits") if isinstance(content, dict) else None
    hits = inner.get("hits") if isinstance(inner, dict) else [content]
    if not isinstance(hits, list):
        raise BrokenLineError("an answer without hits")
    return [_checked(hit) for hit in hits]


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _checked(hit: Any) -> dict[str, Any]:
    if not isinstance(hit, dict):
        raise BrokenLineError(f"{type(hit).__name__} instead of an object")
    if not isinstance(hit.get("_id"), str | int) or isinstance(hit.get("_id"), bool):
        raise BrokenLineError("no _id")
    if not isinstance(hit.get("_source"), dict) or not hit["_source"]:
        raise BrokenLineError("no _source; dump with it")
    kept = {"_id": str(hit["_id"]), "_source": hit["_source"], "_index": hit.get("_index")}
    fields = hit.get("fields")  # where versions before 5 have it
    routing = hit.get("_routing", fields.get("_routing") if isinstance(fields, dict) else None)
    return kept | ({} if routing is None else {"_routing": str(routing)})


@contextmanager
def spooled(path: str) -> Iterator[Path]:
    """The file of a dump; ``-`` is standard input, which a temporary file keeps."""
    if path != "-":
        yield Path(path)
        return
    if sys.stdin.isatty():
        raise ExperimentError("--from-file - reads standard input, which is the terminal")
    with tempfile.NamedTemporaryFile(prefix="imgsig-dump-") as kept:
        source = sys.stdin.buffer
        first = source.read(_BLOCK)
        with nullcontext(kept) if first[:2] == _GZIP else gzip.open(kept, "wb", 1) as packed:
            packed.write(first)
            shutil.copyfileobj(source, packed, _BLOCK)
            packed.flush()
        kept.flush()
        yield Path(kept.name)
