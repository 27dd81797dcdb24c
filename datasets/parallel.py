"""Work on all cores, in order, with bounded memory, and nothing left running behind."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from joblib import Parallel, delayed
from joblib.externals.loky import get_reusable_executor

Result = TypeVar("Result")


def in_parallel(
    function: Callable[..., Result], arguments: Iterable[tuple[object, ...]]
) -> Iterator[Result]:
    """Call a function for each tuple of arguments, in worker processes.

    Parameters
    ----------
    function : callable
        Importable by the workers.
    arguments : iterable of tuple
        Taken as workers become free.

    Yields
    ------
    object
        Results, in the order of the arguments. The workers end with the last one: idle ones would
        hold their memory for minutes, and outlive a killed run as long.
    """
    try:
        yield from Parallel(n_jobs=-1, return_as="generator")(
            delayed(function)(*one) for one in arguments
        )
    finally:
        get_reusable_executor().shutdown(wait=True)
