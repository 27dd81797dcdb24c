"""Verify that the new index holds what the source does.

Every document of the source is read and converted again, and the one with the same id in the new
index must have its signature, path and kept fields. Words cannot be read back: a sample of the
documents is searched for by theirs, one search each. Vectors are read back where the engine can do
that (Elasticsearch 9.2 can); elsewhere all must be as far as they should from a few random ones. A
sample is searched for by its own. A document that differs because it has changed since it was read
is one of those that are behind.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
from elasticsearch import BadRequestError
from numpy.typing import NDArray

from bench.engine.client import Client
from bench.migrate.convert import Converted, convert
from bench.migrate.destination import Pace, Progress, Throttle
from bench.migrate.plan import MigrationPlan
from bench.migrate.source import Reader, Reads, patiently
from bench.runs.errors import MeasurementError
from imgsig.compat.records import PATH

#: Random signatures from which the distances of vectors are compared. A vector that differs in one
#: bit is nearer or farther by 1; that of another picture is as far by a chance of some percent.
PROBES = 3

#: Documents searched for at a time.
CHUNK = 100


@dataclass(frozen=True)
class Verified:
    """Numbers of documents, values and words that were counted and compared."""

    source: int  # documents that a search sees
    destination: int
    refused: int  # documents that cannot be migrated
    behind: int  # documents added or changed in the source since they were copied
    compared: int  # documents read back: all that could be migrated
    values: int  # signature values compared, all equal
    searched: int  # documents searched for
    words: int  # words that found them; 0: they were found by their vectors
    vectors: int = 0  # compared, all equal or, where they cannot be read, as far from random ones
    recovered: int = 0  # words of the recovered signs, all equal to those of the source

    @property
    def surplus(self) -> int:
        """Documents deleted in the source since they were copied."""
        return max(0, self.destination + self.refused - self.source) if not self.behind else 0

    @property
    def is_whole(self) -> bool:
        """Whether the new index holds every document of the source that can be migrated."""
        return not self.behind and self.destination + self.refused == self.source

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {**asdict(self), "surplus": self.surplus, "is_whole": self.is_whole}


def verify(
    client: Client,
    plan: MigrationPlan,
    progress: Progress,
    pace: Pace | None = None,
    sample: int = 200,
    advance: Callable[[int], object] = lambda done: None,
) -> Verified:
    """Count both indices, compare all documents, and search for a sample of them."""
    reader = plan.source.reader()
    pace = pace or Pace()
    throttle, compared, values = Throttle(pace.per_second), 0, 0
    for shard, last in progress.done.items():
        for hits in reader.pages(shard, -1, last, pace.batch):
            page = partial(_compare_page, client, plan, progress)
            done, equal = _unless_changed(page, reader, hits)
            compared += done
            values += equal
            advance(len(hits))
            throttle.wait(len(hits))
    sampled = reader.spread(progress.done, sample)
    chunks = [sampled[first : first + CHUNK] for first in range(0, len(sampled), CHUNK)]
    chunk = partial(_compare_chunk, client, plan, progress)
    searched = [_unless_changed(chunk, reader, hits) for hits in chunks]
    behind = reader.count_after(progress.done)
    found = Verified(
        source=reader.count(),
        destination=Reader(client, plan.index).count(),
        refused=reader.count_of(list(progress.refused)),
        behind=behind,
        compared=compared,
        values=values,
        searched=sum(documents for documents, _ in searched),
        words=sum(words for _, words in searched),
        vectors=0 if plan.layout.matcher.counts_words else compared,
        recovered=compared * plan.source.N if plan.signs else 0,
    )
    # Nothing that was compared is missing; this proves that everything was compared.
    if not behind and compared != found.source - found.refused:
        raise MeasurementError(
            f"{compared} documents of {plan.index!r} were compared, but {plan.source.index!r} has "
            f"{found.source}, {found.refused} of them refused: it is changing. Repeat the command"
        )
    return found


class DifferenceError(MeasurementError):
    """A document of the new index is not what it should be."""

    def __init__(self, id_: str, message: str) -> None:
        super().__init__(message)
        self.id = id_


#: Compares documents; how many were compared, and how many values or words of them.
_Compare = Callable[[Sequence[Mapping[str, Any]]], tuple[int, int]]


def _unless_changed(
    compare: _Compare, reader: Reads, hits: Sequence[Mapping[str, Any]]
) -> tuple[int, int]:
    """Compare documents, without those that have changed since they were read."""
    left = {hit["_id"]: hit for hit in hits}
    while True:
        try:
            return compare(list(left.values()))
        except DifferenceError as error:
            if not reader.has_changed(left.pop(error.id)):
                raise


def _compare_page(
    client: Client, plan: MigrationPlan, progress: Progress, hits: Sequence[Mapping[str, Any]]
) -> tuple[int, int]:
    if not (wanted := _migrated(plan, progress, hits)):
        return 0, 0
    values = _compare_signatures(client, plan, wanted)
    if not plan.layout.matcher.counts_words:
        _compare_vectors(client, plan, wanted)
    _compare_fields(client, plan, wanted, {hit["_id"]: hit["_source"] for hit in hits})
    return len(wanted), values


def _compare_chunk(
    client: Client, plan: MigrationPlan, progress: Progress, hits: Sequence[Mapping[str, Any]]
) -> tuple[int, int]:
    wanted = _migrated(plan, progress, hits)
    return len(wanted), _search_each(client, plan, wanted) if wanted else 0


def _migrated(
    plan: MigrationPlan, progress: Progress, hits: Sequence[Mapping[str, Any]]
) -> list[Converted]:
    """The documents that could be migrated, converted."""
    return [
        one
        for one in convert(plan, hits)
        if one.document is not None and one.id not in progress.refused
    ]


def _by_id(
    client: Client,
    plan: MigrationPlan,
    chunk: Sequence[Converted],
    parts: Mapping[str, Any],
    query: Mapping[str, Any] | None = None,
    what: str = "the document",
) -> dict[str, dict[str, Any]]:
    ids = [one.id for one in chunk]
    answer = patiently(
        lambda: client.search(
            index=plan.index,
            query=query or {"ids": {"values": ids}},
            size=len(ids),
            track_total_hits=False,
            allow_partial_search_results=False,
            **parts,
        )
    )
    found = {hit["_id"]: hit for hit in answer["hits"]["hits"]}
    if missing := [id_ for id_ in ids if id_ not in found]:
        raise _different(plan, missing[0], what, "present", "missing")
    return found


def _compare_signatures(client: Client, plan: MigrationPlan, chunk: Sequence[Converted]) -> int:
    if not plan.variant.stores_signature:
        _by_id(client, plan, chunk, {"source": False})
        return 0
    place, codec = plan.layout.signature, plan.variant.get_codec()
    found = _by_id(client, plan, chunk, place.fetch())
    read = codec.decode_batch([place.stored_form(codec, found[one.id]) for one in chunk])
    wanted = np.array([one.signature for one in chunk])
    if not codec.lossless:
        wanted = codec.decode_batch(codec.encode_batch(wanted))
    for row, at in np.argwhere(read != wanted)[:1].tolist():
        raise _different(
            plan, chunk[row].id, f"signature value {at}", wanted[row, at], read[row, at]
        )
    return int(wanted.size)


def _compare_vectors(client: Client, plan: MigrationPlan, chunk: Sequence[Converted]) -> None:
    """Compare the vectors, or how near they are to random ones with how near they should be."""
    name = plan.layout.matcher.pattern
    try:
        hits = _by_id(client, plan, chunk, {"source": False, "docvalue_fields": [name]})
    except BadRequestError:  # vectors are not given back
        hits = {}
    read = {id_: hit.get("fields", {}).get(name, [None])[0] for id_, hit in hits.items()}
    if not all(isinstance(read.get(one.id), list) for one in chunk):
        _compare_distances(client, plan, chunk)
        return
    for one in chunk:
        wanted = np.frombuffer(bytes.fromhex((one.searched or {})[name]), dtype=np.int8).tolist()
        if read[one.id] != wanted:
            raise _different(plan, one.id, "its vector", wanted, read[one.id])


def _compare_distances(client: Client, plan: MigrationPlan, chunk: Sequence[Converted]) -> None:
    scheme, matcher = plan.variant.scheme, plan.layout.matcher
    wanted = matcher.scorer(scheme, np.array([one.signature for one in chunk]))
    values = np.random.default_rng(0).integers(-2, 3, (PROBES, scheme.grid.length), dtype=np.int8)
    for probe in values:
        query = _nearest(plan, probe, chunk)
        hits = _by_id(client, plan, chunk, {"source": False}, query, "its vector")
        scores = np.array([hits[one.id]["_score"] for one in chunk])
        found = matcher.whole_scores(scheme, scores)
        for at in np.flatnonzero(found != wanted(probe))[:1].tolist():
            what = "how near its vector is to a random one"
            raise _different(plan, chunk[at].id, what, wanted(probe)[at], found[at])


def _nearest(
    plan: MigrationPlan,
    signature: NDArray[np.int8],
    chunk: Sequence[Converted],
    least: int | None = None,
) -> dict[str, Any]:
    """The query for the nearest of some documents, which is exact however the field is indexed."""
    knn = plan.layout.matcher.query(plan.variant.scheme, signature, len(chunk), least)["knn"]
    words = [knn["filter"]] if "filter" in knn else []
    return {"knn": {**knn, "filter": [*words, {"ids": {"values": [one.id for one in chunk]}}]}}


def _compare_fields(
    client: Client,
    plan: MigrationPlan,
    chunk: Sequence[Converted],
    documents: Mapping[str, Mapping[str, Any]],
) -> None:
    layout, kept = plan.layout, plan.fields.kept
    with_path = [one for one in chunk if PATH in documents[one.id]]
    paths = _by_id(client, plan, with_path, layout.fetch("path")) if with_path else {}
    for one in with_path:
        found = layout.stored_path(paths[one.id])
        if found != documents[one.id][PATH]:
            raise _different(plan, one.id, PATH, documents[one.id][PATH], found)
    others = _by_id(client, plan, chunk, plan.kept.fetch()) if kept else {}
    for one in chunk if kept else ():
        source = documents[one.id]
        wanted = {name: source[name] for name in kept if name in source}
        read = plan.kept.fetched(others[one.id])
        if read != wanted:
            raise _different(plan, one.id, "the kept fields", wanted, read)


def _search_each(client: Client, plan: MigrationPlan, chunk: Sequence[Converted]) -> int:
    """Search for each document by all its words, or by its vector; how many words that were."""
    matcher, scheme = plan.layout.matcher, plan.variant.scheme
    by_words, least = matcher.counts_words, scheme.N if matcher.takes_least else None
    searches: list[dict[str, Any]] = []
    for one in chunk:
        header = {"index": plan.index, "allow_partial_search_results": False}
        own = _by_words(one) if by_words else _nearest(plan, np.array(one.signature), [one], least)
        searches += [header, {"query": own, "_source": False, "size": 1}]
    expected = matcher.largest_score(scheme)
    what = "the number of matching words" if by_words else "the score by its own vector"
    answers = client.msearch(searches=searches)["responses"]
    for one, answer in zip(chunk, answers, strict=True):
        if "error" in answer or answer["timed_out"] or answer["_shards"]["failed"]:
            raise MeasurementError(
                f"a search of {plan.index!r} failed: {answer.get('error', 'cut short')}; "
                "repeat the command"
            )
        score = sum(hit["_score"] for hit in answer["hits"]["hits"])
        if not by_words:
            (score,) = matcher.whole_scores(scheme, np.array([score]))
        if score != expected:
            raise _different(plan, one.id, what, expected, score)
    return (least or 0) * len(chunk)


def _by_words(one: Converted) -> dict[str, Any]:
    own = {"filter": [{"ids": {"values": [one.id]}}], "should": clauses(one.searched or {})}
    return {"bool": own}


def clauses(searched: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A ``term`` clause for each word, from a document's fields of words.

    >>> clauses({"simple_words": [3, 5]})
    [{'term': {'simple_words': 3}}, {'term': {'simple_words': 5}}]
    """
    return [
        {"term": {name: value}}
        for name, values in searched.items()
        for value in (values if isinstance(values, list) else [values])
    ]


def _different(
    plan: MigrationPlan, id_: str, what: str, wanted: Any, found: Any
) -> DifferenceError:
    told = (
        f"document {id_!r} of {plan.index!r} differs from that of {plan.source.index!r}: {what} "
        f"should be {wanted!s:.200}, but is {found!s:.200}. Do not use the new index; delete it "
        "and migrate again"
    )
    return DifferenceError(id_, told.encode(errors="backslashreplace").decode())
