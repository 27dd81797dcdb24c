"""Indices that turn out not to hold what they should: the next start builds them again.

Such an index has all its documents as far as its UUID, its mapping and a count can tell, so a run
that remembered it would find the same difference at every start.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.runs.errors import MeasurementError


class WrongIndexError(MeasurementError):
    """An index does not hold what it should, which only building it again puts right."""


def forget_index(folder: Path) -> None:
    """Forget that a variant's index was loaded, and what was measured of it."""
    for name in ("loaded.json", "storage.json"):
        (folder / name).unlink(missing_ok=True)


@contextmanager
def forgotten_if_wrong(folder: Path) -> Iterator[None]:
    """Forget a variant's index where what is done with it shows that it is wrong.

    Any other error, such as a lost connection or an answer that was cut short, says nothing about
    the index: it stays, and the next start goes on with it.
    """
    try:
        yield
    except WrongIndexError:
        forget_index(folder)
        raise
