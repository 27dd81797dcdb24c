"""Work on all cores, in order, with bounded memory, and nothing left running behind."""

import re
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import TypeVar

from joblib import Parallel, delayed, effective_n_jobs
from joblib.externals.loky import get_reusable_executor
from joblib.externals.loky.process_executor import TerminatedWorkerError

from datasets.errors import DatasetError

#: Where joblib names the exit codes of workers in a message, as ``{SIGKILL(-9)}``.
_EXIT_CODES = re.compile(r"exit codes of the workers are (\{.*\})")

Result = TypeVar("Result")


def in_parallel(
    function: Callable[..., Result], arguments: Iterable[tuple[object, ...]]
) -> Iterator[Result]:
    """Call a function for each tuple of arguments, in worker processes, which must import it.

    Arguments are taken as workers become free; results come in their order. The workers end with
    the last one: idle ones would hold their memory for minutes, and outlive a killed run as long.
    `DatasetError` if a worker dies, or memory runs out.
    """
    results: Generator[Result, None, None] | None = None
    try:
        with interrupts_held():
            results = Parallel(n_jobs=-1, return_as="generator")(
                delayed(function)(*one) for one in arguments
            )
        for one in results:  # noqa: UP028 - not `yield from`, which would close them with the warning
            yield one
    except TerminatedWorkerError as error:
        found = _EXIT_CODES.search(str(error))
        codes = f" (exit codes {found[1]})" if found else ""
        raise DatasetError(
            f"a worker process died{codes}. SIGKILL usually means that the system ran out of "
            f"memory: {_less_memory()}. Otherwise a picture has probably crashed its decoder: "
            f"{_NAME_THE_PICTURE}"
        ) from error
    except MemoryError as error:
        raise DatasetError(
            f"memory ran out: {_less_memory()}. If that does not help, some picture is too large: "
            f"{_NAME_THE_PICTURE}"
        ) from error
    finally:
        if results is not None:
            with warnings.catch_warnings():  # that what was given to workers is cancelled
                warnings.simplefilter("ignore")
                results.close()  # else they would be given all that is left
        get_reusable_executor().shutdown(wait=True)


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Keep Ctrl-C from processes that are started inside, which take over what is held back here.

    A terminal sends it to all processes at once: each would print a traceback of its own.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # starting it would let Ctrl-C through again
    handler, came = signal.getsignal(signal.SIGINT), list[int]()
    ours = handler is not None and threading.current_thread() is threading.main_thread()
    if ours:  # another thread may take it, and a process half started would never end well
        signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if ours:
            signal.signal(signal.SIGINT, handler)
            if came:
                signal.raise_signal(signal.SIGINT)


_NAME_THE_PICTURE = (
    "`imgsig sign FOLDER` skips such pictures and names them with the reason; remove them from "
    "the collection"
)


def _less_memory() -> str:
    return (
        f"close other programs, or use fewer than the present {effective_n_jobs(-1)} processes "
        "(LOKY_MAX_CPU_COUNT=1 in the environment uses one), and run it again"
    )
