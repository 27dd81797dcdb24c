"""A dump of an index as the source: a file of JSON Lines, of an engine that no client here reaches.

A line's number is the sequence number of its documents, so that reading can resume. The file is
read from its beginning by every pass, a line at a time; no more than a page is held. Broken lines
are documents that cannot be migrated: they are counted and listed, by their numbers.
"""

import hashlib
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np

from bench.engine.client import Client
from bench.migrate.dynamic_mapping import DynamicMapping, read_mapping
from bench.migrate.json_lines import BrokenLineError, documents, lines, opened
from bench.migrate.prefix import TOP, choose_prefixes, properties_without_prefix, without_prefix
from bench.migrate.source import Source
from bench.runs.errors import IndexStateError

#: Fingerprints of ids looked at at a time.
_CHUNK = 1 << 20


def stamp_of(path: Path) -> tuple[int, int]:
    """Size of a file and the time of its last change, in nanoseconds."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


@dataclass(frozen=True)
class DumpReader:
    """Reads and counts what a dump holds; see `bench.migrate.source.Reader`."""

    path: Path
    stamp: tuple[int, int]  # its size and the time of its last change
    lines: int = 0  # up to the last one with something in it
    documents: int = 0  # and broken lines
    prefixes: Sequence[str] = TOP

    def pages(
        self, shard: int, after: int, until: int, size: int
    ) -> Iterator[list[dict[str, Any]]]:
        """Documents in their order, and broken lines, which have a reason as ``_broken``."""
        page: list[dict[str, Any]] = []
        if stamp_of(self.path) != self.stamp:
            raise IndexStateError(
                f"{self.path} has changed since its lines were counted; repeat the command"
            )
        with opened(self.path) as file:
            for number, line in lines(file):
                if number <= after:
                    continue
                if number > until:
                    break
                page += self._hits(number, line)
                if len(page) >= size:  # between lines: a number is done as a whole
                    yield page
                    page = []
        if page:
            yield page

    def _hits(self, number: int, line: bytes | None) -> list[dict[str, Any]]:
        try:
            found = documents(line)
        except BrokenLineError as error:
            named = {"_id": f"line {number + 1}", "_source": {}, "_broken": f"line: {error}"}
            return [named | {"_seq_no": number}]
        return [
            hit | {"_seq_no": number, "_source": without_prefix(hit["_source"], self.prefixes)}
            for hit in found
        ]

    def count(self) -> int:
        """Number of documents, and of broken lines."""
        return self.documents

    def count_after(self, until: Mapping[int, int]) -> int:
        """Number of documents after a line."""
        (last,) = until.values()
        if last < 0:
            return self.documents
        if last >= self.lines - 1:
            return 0
        return sum(len(page) for page in self.pages(0, last, self.lines, 1))

    def count_of(self, ids: Sequence[str]) -> int:
        """Number of these documents: nothing leaves a dump."""
        return len(ids)

    def spread(self, until: Mapping[int, int], wanted: int) -> list[dict[str, Any]]:
        """A sample of all documents that are whole, in their order."""
        sample = Sample(wanted)
        for page in self.pages(0, -1, max(until.values()), 1):
            for hit in page:
                if "_broken" not in hit:
                    sample.offer(hit)
        return sample.hits()

    def by_ids(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Nothing: a dump does not change, so none of it becomes better."""
        return []

    def has_changed(self, hit: Mapping[str, Any]) -> bool:
        """Never."""
        return False


class Sample:
    """So many of all hits that were offered, each as likely as another, the same every time."""

    def __init__(self, wanted: int) -> None:
        self._wanted, self._offered, self._random = wanted, 0, random.Random(0)  # noqa: S311 - nothing is secret
        self._kept: list[dict[str, Any]] = []

    def offer(self, hit: dict[str, Any]) -> None:
        """Keep a hit, or not."""
        self._offered += 1
        if len(self._kept) < self._wanted:
            self._kept.append(hit)
        elif (place := self._random.randrange(self._offered)) < self._wanted:
            self._kept[place] = hit

    def hits(self) -> list[dict[str, Any]]:
        """What was kept, in its order."""
        return sorted(self._kept, key=lambda hit: int(hit["_seq_no"]))


@dataclass(frozen=True)
class Dump(Source):
    """A dump to migrate from."""

    file: Path = Path()
    stamp: tuple[int, int] = (0, 0)
    base: str = ""  # name of the index that it is of
    #: Number of broken lines, and the first of them, with the reasons.
    broken: int = 0
    first_broken: Mapping[str, str] = field(default_factory=dict)

    def reader(self) -> DumpReader:
        """Reads the documents to migrate."""
        return DumpReader(self.file, self.stamp, self.until[0] + 1, self.documents, self.prefixes)

    @property
    def name(self) -> str:
        """Not the file's: that may move."""
        return self.base

    @property
    def is_dump(self) -> bool:
        """True."""
        return True

    def checkpoints(self) -> dict[int, int]:
        """Nothing is added to a dump."""
        return dict(self.until)

    def size(self) -> None:
        """None: the index may be gone."""
        return


def read_dump(
    file: Path,
    client: Client,
    *,
    shown: str = "",
    mapping: Path | None = None,
    sample: int = 200,
    prefixes: Sequence[str] = (),
) -> Dump:
    """Read a dump through once, and tell what it holds.

    The types of fields are those of a file `mapping` as elasticdump writes it, or what dynamic
    mapping makes of the values.
    """
    shown = shown or str(file)
    stamp = stamp_of(file)
    scan = _Scan(DynamicMapping(), Sample(sample))
    with opened(file) as opening, tempfile.TemporaryFile() as ids:
        scan.read(opening, ids)
        _check_ids(DumpReader(file, stamp), shown, ids)
    if not scan.whole:
        reasons = "; ".join(f"{name}: {why}" for name, why in list(scan.broken.items())[:3])
        raise IndexStateError(
            f"{shown} has no document to migrate{f' ({reasons})' if reasons else ''}. A dump has a "
            'hit a line, {"_index": …, "_id": …, "_source": {…}}, as elasticdump writes it'
        )
    if len(scan.indices) > 1:
        raise IndexStateError(
            f"{shown} is of {len(scan.indices)} indices ({', '.join(sorted(scan.indices)[:5])}); "
            "dump and migrate them one at a time"
        )
    base = next(iter(scan.indices), "") or file.name.partition(".")[0]
    found = scan.mapping.properties()
    places, N = choose_prefixes(shown, found, prefixes)
    types = read_mapping(mapping, base) if mapping else found
    hits = [hit | {"_source": without_prefix(hit["_source"], places)} for hit in scan.sample.hits()]
    return Dump(
        index=shown,
        uuid=scan.hash.hexdigest(),
        documents=scan.whole + scan.broken_lines,
        index_documents=scan.whole,
        store_bytes=scan.size,
        shards=1,
        replicas=1,
        aliases={},
        properties=properties_without_prefix(types, places),
        refresh_seconds=0.0,
        N=N,
        until={0: scan.last},
        sample=hits,
        client=client,
        prefixes=places,
        file=file,
        stamp=stamp,
        base=base,
        broken=scan.broken_lines,
        first_broken=scan.broken,
    )


@dataclass
class _Scan:
    """What one reading of a dump gathers."""

    mapping: DynamicMapping
    sample: Sample
    hash: Any = field(default_factory=lambda: hashlib.blake2b(digest_size=16))
    indices: set[str] = field(default_factory=set)
    whole: int = 0
    size: int = 0  # of lines with documents
    last: int = -1
    broken_lines: int = 0
    broken: dict[str, str] = field(default_factory=dict)

    def read(self, file: IO[bytes], ids: IO[bytes]) -> None:
        """Read all lines; eight bytes an id go to a file."""
        for number, line in lines(file):
            self.last = number
            self.hash.update(line or b"\n")
            try:
                found = documents(line)
            except BrokenLineError as error:
                self.broken_lines += 1
                if len(self.broken) < 10:
                    self.broken[f"line {number + 1}"] = str(error)
                continue
            self.size += len(line or b"")
            self.whole += len(found)
            for hit in found:
                ids.write(_fingerprint(hit["_id"]))
                if len(self.indices) < 10 and isinstance(hit["_index"], str):
                    self.indices.add(hit["_index"])
                self.mapping.add(hit["_source"])
                self.sample.offer(hit | {"_seq_no": number})


def _fingerprint(id_: str) -> bytes:
    return hashlib.blake2b(id_.encode(errors="surrogatepass"), digest_size=8).digest()


def _check_ids(reader: DumpReader, shown: str, ids: IO[bytes]) -> None:
    """Refuse a dump with an id in two lines: nothing says which of them is the document."""
    ids.flush()
    if not ids.tell():
        return
    # Sorted in the file, so that memory does not grow with the dump.
    prints = np.memmap(ids, dtype=np.uint64, mode="r+")
    prints.sort()
    twice: set[int] = set()
    for first in range(0, len(prints), _CHUNK):
        part = prints[first : first + _CHUNK + 1]
        twice |= set(part[1:][part[1:] == part[:-1]][:100].tolist())
        if len(twice) >= 100:
            break
    if not twice:
        return
    at: dict[str, int] = {}
    for page in reader.pages(0, -1, sys.maxsize, 1):
        for hit in page:
            print_ = int(np.frombuffer(_fingerprint(hit["_id"]), dtype=np.uint64)[0])
            if print_ in twice and "_broken" not in hit:
                if hit["_id"] in at:
                    raise IndexStateError(
                        f"{shown} has document {hit['_id']!r} twice, in lines {at[hit['_id']] + 1} "
                        f"and {hit['_seq_no'] + 1}: it is of more than one dump or index. Give one "
                        "dump of one index"
                    )
                at[hit["_id"]] = hit["_seq_no"]
