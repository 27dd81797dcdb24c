"""From pictures to an index without holding the collection: sent as they are signed."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from elasticsearch import Elasticsearch
from numpy.typing import NDArray

from bench.engine.client import ATTEMPTS
from bench.index.build import bulk_actions, check_count, send_actions
from bench.index.variant import Variant
from imgsig.sign_many import SignedFile


def stream_documents(
    client: Elasticsearch,
    variant: Variant,
    records: Iterable[SignedFile],
    failed: Callable[[SignedFile], object],
    advance: Callable[[int], object] = lambda done: None,
    *,
    attempts: int = ATTEMPTS,
) -> int:
    """Index files as they are signed.

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
