"""Processes told apart for certain, and whole trees of them stopped."""

import time
from contextlib import suppress

import psutil

GRACE = 20.0  # seconds a server has to end by itself; it takes about one

# The clock that process times are derived from can be set while a process runs.
_CLOCK_TOLERANCE = 2.0  # seconds


def is_same_process(pid: int, created: float) -> bool:
    """Say whether a process is still the one that was meant."""
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - created) <= _CLOCK_TOLERANCE
    except psutil.NoSuchProcess:
        return False
    return same and _is_alive(process)


def stop_tree(pid: int, grace: float) -> list[int]:
    """Ask a process to end; after a while kill what is left of it and of its descendants."""
    try:
        root = psutil.Process(pid)
        # Listed before it ends: afterwards nothing leads from it to them.
        tree = [root, *root.children(recursive=True)]
        root.terminate()
    except psutil.NoSuchProcess:
        return []
    _, alive = psutil.wait_procs(tree, timeout=grace)
    for process in alive:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(alive, timeout=10)
    return [process.pid for process in alive if _is_alive(process)]


def kill_tree(pid: int) -> list[int]:
    """Kill a process and its descendants at once: what is starting does not listen yet."""
    try:
        root = psutil.Process(pid)
        root.suspend()  # so that it starts nothing after its children are listed
        tree = [*root.children(recursive=True), root]
    except psutil.NoSuchProcess:
        return []
    for process in tree:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    # Not `wait_procs`: it waits for zombies too, and these have lost the parent that reaps them.
    deadline = time.monotonic() + 10
    while (left := [one.pid for one in tree if _is_alive(one)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def _is_alive(process: psutil.Process) -> bool:
    # A zombie is dead: where process 1 reaps nobody's children, as in many containers, it stays.
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
