"""Build an index: create it, load the documents in order, verify that all are there."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from elasticsearch import Elasticsearch, NotFoundError
from numpy.typing import NDArray

from bench.engine.client import ATTEMPTS, whole
from bench.index.bulk import send_chunk
from bench.index.storage import count_documents
from bench.index.variant import Variant
from bench.runs.errors import IndexStateError, MeasurementError
from bench.signing.tables import document_path
from imgsig.layouts import get_layout

#: Key in an index's ``_meta`` that marks it as built by this harness, and by which run.
MARK = "imgsig_bench"

#: Documents a bulk request and signatures encoded at a time.
CHUNK = 500


def owner(client: Elasticsearch, index: str) -> str | None:
    """Which run built an index."""
    try:
        mapping = client.indices.get_mapping(index=index)
    except NotFoundError:
        return None
    meta = mapping[index]["mappings"].get("_meta", {}) if index in mapping else {}
    return str(meta.get(MARK, {}).get("run", ""))


def create_index(
    client: Elasticsearch, variant: Variant, run: str, *, shards: int = 1, replicas: int = 0
) -> None:
    """Create a variant's index, replacing an unfinished one of the same run.

    Parameters
    ----------
    run : str
        Key of the run, written into the index's ``_meta``.
    """
    index = variant.index_name
    found = owner(client, index)
    if found is not None and found != run:
        whose = (
            f"the run {found}"
            if found
            else "somebody else, not by this harness, or by a request of a run that was stopped"
        )
        raise IndexStateError(
            f"index {index!r} exists and was created by {whose}; it is left untouched. Give the "
            "variant another name in the config, or delete the index yourself if it is yours"
        )
    if found == run:
        client.indices.delete(index=index)
    layout = get_layout(variant.layout)
    mappings = layout.mappings(variant.scheme, variant.get_codec())
    mappings["_meta"] = {MARK: {"run": run, "variant": variant.canonical()}}
    client.indices.create(
        index=index,
        mappings=mappings,
        settings={
            "number_of_shards": shards,
            "number_of_replicas": replicas,
            # No refreshes while loading: segments then end at the flushes, not when a clock says.
            "refresh_interval": "-1",
            # The store's size is otherwise up to ten seconds old when it is read.
            "store.stats_refresh_interval": "0s",
            **layout.settings(),
        },
    )


def delete_index(client: Elasticsearch, index: str, run: str) -> None:
    """Delete an index if a run created it; what else has its name, or nothing, is left."""
    if owner(client, index) == run:
        client.indices.delete(index=index)


def load_documents(
    client: Elasticsearch,
    variant: Variant,
    signatures: NDArray[np.int8],
    advance: Callable[[int], object] = lambda done: None,
    *,
    paths: Sequence[str] | None = None,
) -> None:
    """Index one document a signature, ids and order ascending, with a flush half-way.

    The flush leaves at least two segments, without which the final merge would rewrite nothing (see
    `bench.index.storage`).

    Parameters
    ----------
    signatures : ndarray
        ``int8[m, length]``.
    """
    index = variant.index_name
    half = len(signatures) // 2
    for start, stop in ((0, half), (half, len(signatures))):
        actions = bulk_actions(variant, with_paths(signatures, start, stop, paths), start)
        send_actions(client, index, actions, advance)
        flushed = client.indices.flush(index=index, force=True, wait_if_ongoing=True)
        whole(flushed, f"a flush of {index!r}")
    check_count(client, index, len(signatures))


def check_count(client: Elasticsearch, index: str, sent: int) -> None:
    """Make an index searchable, and compare how many documents it holds with how many were sent."""
    whole(client.indices.refresh(index=index), f"a refresh of {index!r}")
    count = count_documents(client, index)
    if count != sent:
        raise MeasurementError(
            f"index {index!r} holds {count} documents after {sent} were sent; "
            "is something else writing to it? Run again to rebuild it"
        )


def send_actions(
    client: Elasticsearch,
    index: str,
    actions: Iterable[dict[str, Any]],
    advance: Callable[[int], object] = lambda done: None,
    *,
    attempts: int = ATTEMPTS,
) -> None:
    """Send bulk requests of `CHUNK` actions, which are taken as they are sent."""
    waiting = iter(actions)
    while chunk := list(islice(waiting, CHUNK)):
        send_chunk(client, index, chunk, attempts=attempts)
        advance(len(chunk))


def with_paths(
    signatures: NDArray[np.int8], start: int, stop: int, paths: Sequence[str] | None = None
) -> Iterator[tuple[str, NDArray[np.int8]]]:
    """Signatures with the paths of their documents.

    Parameters
    ----------
    signatures : ndarray
        ``int8[m, length]``, row = document number.
    paths : sequence of str, optional
        One a document, in their order; where there are more documents than paths, the further ones
        have those of numbered folders with the same files. Default: those of `document_path`.
    """
    for document in range(start, stop):
        if paths is None:
            path = document_path(document)
        else:
            copy, original = divmod(document, len(paths))
            path = f"{copy}/{paths[original]}" if copy else paths[original]
        yield path, signatures[document]


def bulk_actions(
    variant: Variant, documents: Iterable[tuple[str, NDArray[np.int8]]], first: int = 0
) -> Iterator[dict[str, Any]]:
    """Bulk actions of documents, encoded `CHUNK` at a time: no more are held."""
    layout, codec, scheme = get_layout(variant.layout), variant.get_codec(), variant.scheme
    waiting = iter(documents)
    while chunk := list(islice(waiting, CHUNK)):
        paths, signatures = zip(*chunk, strict=True)
        sources = layout.documents(scheme, codec, paths, np.stack(signatures))
        for number, source in enumerate(sources, start=first):
            yield {"_op_type": "index", "_id": str(number), "_source": source}
        first += len(chunk)
