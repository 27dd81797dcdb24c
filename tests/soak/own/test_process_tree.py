"""What processes hold, counted on processes of known content."""

import mmap
import os
import subprocess
import sys

import pytest

from tests.soak.process_tree import descendants, engine_processes, held

HOLDER = """
import sys
files = [open(sys.executable, 'rb') for _ in range(20)]
memory = bytearray(b'x' * 50_000_000)
print('ready', flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder():
    """A child that holds 50 MB and 20 files."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout.readline() == b"ready\n"
        yield child
        child.stdin.close()


def test_children_count(holder):
    engines = engine_processes()
    without, whole = held([holder.pid, *engines]), held(engines)
    assert whole.children == without.children + 1
    assert whole.threads > without.threads
    assert whole.handles >= without.handles + 20
    assert whole.own_bytes > without.own_bytes + 40e6


def test_a_process_that_has_ended_holds_nothing(holder):
    pids = {process.pid for process in descendants()}
    assert holder.pid in pids
    holder.stdin.close()
    holder.wait()
    assert holder.pid not in {process.pid for process in descendants()}


def test_own_memory_and_handles_are_seen():
    engines = engine_processes()  # whose memory comes and goes
    before = held(engines)
    # New pages, whatever the allocator has kept of what was freed before.
    memory = mmap.mmap(-1, 30_000_000)
    memory.write(b"x" * len(memory))
    pipes = [end for _ in range(20) for end in os.pipe()]
    after = held(engines)
    for end in pipes:
        os.close(end)
    assert after.handles > before.handles + 30  # whatever else was closed meanwhile
    assert after.own_bytes > before.own_bytes + 0.8 * len(memory)
    memory.close()
