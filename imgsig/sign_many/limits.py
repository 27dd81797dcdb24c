"""Limits of a worker process, where the system has them."""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

if sys.platform != "win32":
    import resource
    from multiprocessing import resource_tracker


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """Keep Ctrl-C from processes that are started inside, which take over what is held back here.

    A terminal sends it to all processes at once; while modules are imported, nothing else could
    keep theirs from printing a traceback each.
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


def begin_worker(memory: int) -> None:
    """Prepare a worker: bounded memory, interrupts left to the parent, no life without it.

    Parameters
    ----------
    memory : int
        Bytes it may take beyond what it has now. What goes beyond raises MemoryError there.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(memory)
    _end_with_parent()


def limit_memory(more: int) -> None:
    """Let this process take `more` bytes of memory beyond what it has.

    On Linux that of private writable memory; elsewhere of the address space, where there is such a
    limit.
    """
    if sys.platform == "win32":
        return
    linux = sys.platform == "linux"
    which, has = (resource.RLIMIT_DATA, _data_bytes()) if linux else (resource.RLIMIT_AS, 0)
    hard = resource.getrlimit(which)[1]
    limit = has + more
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(which, (limit, hard))


def _data_bytes() -> int:
    """Private writable memory of this process, see proc_pid_status(5)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0


def _end_with_parent() -> None:
    """End this process when its parent is killed, which cannot tell it to."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, name="wait for the parent", daemon=True).start()
