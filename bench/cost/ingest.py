"""Documents that are added while an index is searched.

They go to a further index of the same kind on the same engine: it takes the processors, the disk
and the memory that adding to the searched index would, and leaves that as it was measured. It is
refreshed every second, as indices are unless told otherwise. What the searched index itself would
go through besides (more segments, new readers) is not in it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from threading import Event, Thread
from typing import Any

from bench.cost.settings import ADDED
from bench.engine.client import Client
from bench.index.build import bulk_actions, create_index, delete_index, send_actions, with_paths
from bench.index.variant import Variant
from bench.runs.errors import MeasurementError
from bench.signing.sign import Signed


@contextmanager
def adding_documents(
    client: Client, variant: Variant, signed: Signed, documents: int, run: str
) -> Iterator[None]:
    """Send bulk requests of so many documents, one after the other, as long as the block lasts.

    The block begins when the first request has been answered. Documents are encoded before; they
    are the same in each request, under new ids.
    """
    other = replace(variant, name=f"{variant.index_name}{ADDED}")
    rows = min(documents, len(signed.database))
    prepared = list(bulk_actions(other, with_paths(signed.database, 0, rows, signed.paths)))
    create_index(client, other, run)
    begun, ended = Event(), Event()
    errors: list[Exception] = []

    def send() -> None:
        try:
            for number in count():
                renamed = _renamed(prepared, number * len(prepared))
                send_actions(client, other.index_name, renamed)
                begun.set()
                if ended.is_set():
                    return
        except Exception as error:  # raised again where the searches are
            errors.append(error)
            begun.set()

    thread = Thread(target=send, name="adding documents")
    try:
        client.indices.put_settings(
            index=other.index_name, settings={"index": {"refresh_interval": "1s"}}
        )
        thread.start()
        begun.wait()
        yield
        if errors:
            raise MeasurementError(
                f"documents could not be added to {other.index_name!r} while it was searched, so "
                "the times are not of a search under load; run again"
            ) from errors[0]
    finally:
        ended.set()
        if thread.ident is not None:
            thread.join()
        delete_index(client, other.index_name, run)


def _renamed(prepared: list[dict[str, Any]], first: int) -> list[dict[str, Any]]:
    return [{**one, "_id": str(number)} for number, one in enumerate(prepared, start=first)]
