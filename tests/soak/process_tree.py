"""What a tree of processes holds: memory, open handles, threads, children."""

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import psutil

from bench.engine import engine_status


@dataclass(frozen=True)
class Held:
    """What the processes of a tree hold together.

    Parameters
    ----------
    own_bytes : int
        Memory that belongs to each process alone (unique set size). What processes share, such as
        libraries, is left out: its share changes when others come and go.
    handles : int
        Open files, sockets and pipes.
    threads : int
        Threads.
    children : int
        Processes besides the first.
    """

    own_bytes: int
    handles: int
    threads: int
    children: int


def engine_processes() -> frozenset[int]:
    """Ids of the processes that watch over the engines which run now."""
    return frozenset(state.pid for state in engine_status())


def descendants(outside: Collection[int] = ()) -> list[psutil.Process]:
    """Processes that this one has started, and those that these have."""
    return list(_below(psutil.Process(), outside))


def _below(process: psutil.Process, outside: Collection[int]) -> Iterator[psutil.Process]:
    try:
        children = process.children()
    except psutil.NoSuchProcess:
        return
    for child in children:
        if child.pid not in outside:
            yield child
            yield from _below(child, outside)


def held(outside: Collection[int] = ()) -> Held:
    """Measure this process and its descendants."""
    memory = handles = threads = 0
    children = descendants(outside)
    for process in [psutil.Process(), *children]:
        try:
            full = process.memory_full_info()
            memory += full.uss
            handles += process.num_fds() if os.name == "posix" else len(process.open_files())
            threads += process.num_threads()
        except (psutil.NoSuchProcess, psutil.AccessDenied):  # a zombie's are refused
            continue
    return Held(memory, handles, threads, len(children))
