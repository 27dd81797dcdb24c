"""Records in batches that are written at once."""

from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TypeVar

from imgsig.index.writing import CHUNK

_T = TypeVar("_T")
#: Seconds after which a batch is written though it is not full: what is signed slowly is not kept
#: waiting, and an interrupted import has lost little.
WAIT = 5.0


def batches(records: Iterable[_T], size: int = CHUNK, seconds: float = WAIT) -> Iterator[list[_T]]:
    """Take records as they come, and give them on so many at a time.

    >>> list(batches(range(5), size=2))
    [[0, 1], [2, 3], [4]]
    """
    batch: list[_T] = []
    begun = monotonic()
    for record in records:
        batch.append(record)
        if len(batch) >= size or monotonic() - begun > seconds:
            yield batch
            batch, begun = [], monotonic()
    if batch:
        yield batch
