"""Build an index: create it, load the documents in order, verify that all are there.

Bulk requests are sent again where that is safe: ids are fixed, so nothing doubles. A request whose
connection was lost may still arrive, even after it was sent again. So each time it is sent its
documents have a higher version, and the engine refuses those that come too late (external
versioning, https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-index). The
versions of what was sent once are the 1 that the engine would have given itself.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Protocol

import numpy as np
from elastic_transport import ConnectionError as TransportConnectionError
from elasticsearch import ApiError, NotFoundError
from numpy.typing import NDArray

from bench.engine.client import Client, engine_name, flush, refresh, streaming_bulk
from bench.engine.errors import notice
from bench.index.storage import count_documents
from bench.index.templates import check_as_asked
from bench.index.variant import Variant
from bench.runs.errors import IndexStateError, MeasurementError, WrongIndexError
from bench.signing.tables import document_path
from imgsig.cluster import ATTEMPTS, BLOCKED, BUSY
from imgsig.index.writing import CHUNK, SENT_AT_MOST
from imgsig.index.writing import documents as sources_of
from imgsig.sign_many import SignedFile

#: Key in an index's ``_meta`` that marks it as built by this harness, and by which run.
MARK = "imgsig_bench"
#: Documents after which an index that is being loaded is flushed; half of it, if that is less.
FLUSHED = 500_000
#: How long shards of an empty index may take to find their nodes.
COPIES_WAIT = "30s"
#: Status of a document that is there in the version that was sent, or in a later one.
CONFLICT = 409


class Rows(Protocol):
    """Signatures by the number of their document: an array, or what draws them when asked for."""

    def __len__(self) -> int: ...
    def __getitem__(self, rows: slice, /) -> NDArray[np.int8]: ...


def owner(client: Client, index: str) -> str | None:
    """Which run built an index."""
    try:
        mapping = client.indices.get_mapping(index=index)
    except NotFoundError:
        return None
    meta = mapping[index]["mappings"].get("_meta", {}) if index in mapping else {}
    return str(meta.get(MARK, {}).get("run", ""))


def create_index(
    client: Client, variant: Variant, run: str, *, shards: int = 1, replicas: int = 0
) -> None:
    """Create a variant's index, replacing an unfinished one of the same run.

    The key of the run is written into its ``_meta``, beside what `imgsig.index` opens it by.
    """
    index = variant.index_name
    found = owner(client, index)
    if found is not None and found != run:
        whose = (
            f"the run {found}"
            if found
            else "someone else, or by a delayed request of a run that was stopped"
        )
        raise IndexStateError(
            f"index {index!r} exists and was created by {whose}; it is left untouched. Give the "
            "variant another name in the config, or delete the index yourself if it is yours"
        )
    if found == run:
        client.indices.delete(index=index)
    layout = variant.identity.layout
    mappings = layout.mappings(variant.scheme, variant.get_codec())
    mappings["_meta"] = {
        **variant.identity.meta({"name": engine_name(client)}),
        MARK: {"run": run, "variant": variant.canonical()},
    }
    settings = {
        "number_of_shards": shards,
        "number_of_replicas": replicas,
        # No refreshes while loading: segments then end at the flushes, not when a clock says.
        "refresh_interval": "-1",
        # The store's size is otherwise up to ten seconds old when it is read.
        "store.stats_refresh_interval": "0s",
        **layout.settings(),
    }
    created = client.indices.create(
        index=index,
        mappings=mappings,
        settings=settings,
        # A replica that comes late gets all in one segment, which no merge would rewrite any more.
        wait_for_active_shards="all" if replicas else None,
        timeout=COPIES_WAIT,
    )
    check_as_asked(client, index, mappings, settings)
    if created["shards_acknowledged"]:
        return
    present = client.cluster.health(index=index)["active_primary_shards"]
    if present < shards:
        raise IndexStateError(
            f"{shards - present} of {shards} primary shards of index {index!r} have found no node "
            f"in {COPIES_WAIT}: GET _cluster/allocation/explain gives the reason. Mend it (often "
            "cluster.routing.allocation.enable is not 'all', or disks are too full), then run again"
        )
    if replicas:
        notice(
            f"Not every copy of index {index!r} has found a node in {COPIES_WAIT}: each of its "
            f"shards asks for {1 + replicas}. Its primaries are measured without the missing ones."
        )


def delete_index(client: Client, index: str, run: str) -> None:
    """Delete an index if a run created it; what else has its name, or nothing, is left."""
    if owner(client, index) == run:
        client.indices.delete(index=index)


def load_documents(
    client: Client,
    variant: Variant,
    signatures: Rows,
    advance: Callable[[int], object] = lambda done: None,
    *,
    paths: Sequence[str] | None = None,
    begin: int = 0,
    versions: int = 0,
) -> None:
    """Index one document a signature, ``int8[m, length]``, ids and order ascending.

    The flush half-way leaves at least two segments, without which the final merge would rewrite
    nothing (see `bench.index.storage`); further ones bound what is read again from the transaction
    log of an engine that was killed.

    Of a loading that was interrupted, documents before `begin` are there, and those after it were
    sent in `versions` so far at most, if at all.
    """
    index = variant.index_name
    count = len(signatures)
    for stop in sorted({count // 2, count, *range(FLUSHED, count, FLUSHED)}):
        if stop < begin:
            continue
        actions = bulk_actions(variant, with_paths(signatures, begin, stop, paths), begin)
        send_actions(client, index, actions, advance, versions=versions)
        begin = stop
        flush(client, index)
    check_count(client, index, len(signatures))


def check_count(client: Client, index: str, sent: int) -> None:
    """Make an index searchable, and compare how many documents it holds with how many were sent."""
    refresh(client, index)
    count = count_documents(client, index)
    if count != sent:
        raise WrongIndexError(
            f"index {index!r} holds {count} documents after {sent} were sent; "
            "is something else writing to it? Run again to rebuild it"
        )


def send_actions(
    client: Client,
    index: str,
    actions: Iterable[dict[str, Any]],
    advance: Callable[[int], object] = lambda done: None,
    *,
    attempts: int = ATTEMPTS,
    versions: int = 0,
) -> None:
    """Send bulk requests of `CHUNK` actions, which are taken as they are sent."""
    waiting = iter(actions)
    while chunk := list(islice(waiting, CHUNK)):
        send_chunk(client, index, chunk, attempts=attempts, versions=versions)
        advance(len(chunk))


def with_paths(
    signatures: Rows, start: int, stop: int, paths: Sequence[str] | None = None
) -> Iterator[tuple[str, NDArray[np.int8]]]:
    """Signatures with the paths of their documents; `CHUNK` rows are read at a time.

    Where there are more documents than paths, the further ones have those of numbered folders with
    the same files.
    """
    for first in range(start, stop, CHUNK):
        rows = signatures[first : min(first + CHUNK, stop)]
        for document, signature in enumerate(rows, first):
            yield path_of(document, paths), signature


def path_of(document: int, paths: Sequence[str] | None) -> str:
    """Path of a document by its number, see `with_paths`."""
    if paths is None:
        return document_path(document)
    copy, original = divmod(document, len(paths))
    return f"{copy}/{paths[original]}" if copy else paths[original]


def bulk_actions(
    variant: Variant, documents: Iterable[tuple[str, NDArray[np.int8]]], first: int = 0
) -> Iterator[dict[str, Any]]:
    """Bulk actions of documents, encoded `CHUNK` at a time: no more are held."""
    waiting = iter(documents)
    while chunk := list(islice(waiting, CHUNK)):
        paths, signatures = zip(*chunk, strict=True)
        sources = sources_of(variant.identity, paths, np.stack(signatures))
        for number, source in enumerate(sources, start=first):
            yield {"_op_type": "index", "_id": str(number), "_source": source}
        first += len(chunk)


def send_chunk(
    client: Client,
    index: str,
    actions: Sequence[dict[str, Any]],
    *,
    attempts: int = ATTEMPTS,
    versions: int = 0,
    sleep: Callable[[float], object] = time.sleep,
) -> None:
    """Send one bulk request, until the index holds all of it.

    It is sent again as a whole, so that documents keep their order: the engine breaks ties by it.
    Rejections and lost connections are temporary. A timeout is an error: an engine that cannot
    answer in time is not helped by being sent more. The versions begin after those in which the
    documents were sent before.
    """
    for attempt in range(1, attempts + 1):
        try:
            version = {"_version": versions + attempt, "_version_type": "external"}
            refused = _send(client, index, [action | version for action in actions])
        except ApiError as error:
            if error.status_code not in BUSY or error.error == BLOCKED or attempt == attempts:
                raise
        except TransportConnectionError:
            if attempt >= min(SENT_AT_MOST, attempts):
                raise
        else:
            if not refused:
                return
            # Where one will always be refused, waiting for the others is useless.
            lasting = [one for one in refused if not _will_pass(one)]
            if lasting or attempt == attempts:
                raise _refused(index, (lasting or refused)[0], attempt)
        sleep(2 ** (attempt - 1))


def _send(client: Client, index: str, actions: Sequence[dict[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the engine's word on every document that it refused."""
    answers = list(
        streaming_bulk(
            client, actions, index=index, chunk_size=max(len(actions), 1), raise_on_error=False
        )
    )
    if len(answers) != len(actions):
        raise MeasurementError(
            f"index {index!r} answered for {len(answers)} of {len(actions)} documents; does a "
            "proxy change the answers? Run again to rebuild the index"
        )
    return [next(iter(answer.values())) for ok, answer in answers if not ok]


def _will_pass(refusal: Mapping[str, Any]) -> bool:
    status = refusal.get("status")
    # A conflict: an earlier request that was delayed on its way has overtaken this one.
    return (status in BUSY or status == CONFLICT) and _error(refusal).get("type") != BLOCKED


def _error(refusal: Mapping[str, Any]) -> Mapping[str, Any]:
    error = refusal.get("error")
    return error if isinstance(error, Mapping) else {"reason": str(error)}


def _refused(index: str, refusal: Mapping[str, Any], attempt: int) -> MeasurementError:
    text = _explained(index, refusal, attempt)
    newer = refusal.get("status") == CONFLICT
    return WrongIndexError(text) if newer else MeasurementError(text)


def _explained(index: str, refusal: Mapping[str, Any], attempt: int) -> str:
    error = _error(refusal)
    said = f"{error.get('type', refusal.get('status'))}: {error.get('reason')}"
    if error.get("type") == BLOCKED:
        return (
            f"index {index!r} is blocked for writing ({said}). The engine does this when the "
            "disk of a node is above the flood-stage watermark: free some space, and it lifts the "
            "block by itself. Then run again"
        )
    if refusal.get("status") == CONFLICT:
        return (
            f"index {index!r} holds a newer document than the one sent ({said}): something else is "
            "writing to it. Stop that, then run again to rebuild the index"
        )
    if _will_pass(refusal):
        return (
            f"the cluster is too busy for index {index!r}: a document was still rejected after "
            f"{attempt} attempts ({said}). Run again when it is less busy"
        )
    return f"index {index!r} rejected a document: {dict(refusal)}; correct that, then run again"


def stream_documents(
    client: Client,
    variant: Variant,
    records: Iterable[SignedFile],
    failed: Callable[[SignedFile], object],
    advance: Callable[[int], object] = lambda done: None,
    *,
    attempts: int = ATTEMPTS,
) -> int:
    """Index files as they are signed, without holding the collection.

    At most two chunks of `bench.index.build.CHUNK` records are held: one that is being encoded, one
    that is being sent. While a request is under way nothing more is taken, so whatever signs may
    run on but is held back by the size of its own window.
    """
    sent = 0

    def documents() -> Iterator[tuple[str, NDArray[np.int8]]]:
        nonlocal sent
        for record in records:
            if record.signature is None:
                failed(record)
                continue
            sent += 1
            yield record.path, record.signature

    actions = bulk_actions(variant, documents())
    send_actions(client, variant.index_name, actions, advance, attempts=attempts)
    check_count(client, variant.index_name, sent)
    return sent
