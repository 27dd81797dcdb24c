"""Memory that a run has freed goes back to the system."""

import subprocess
import sys

import pytest

FREED = """
import numpy, psutil, pyarrow
from bench.runs.memory import give_back, take_from_system

def megabytes():
    return psutil.Process().memory_info().rss / 1e6

take_from_system()
before = megabytes()
# Less than what the C library maps for itself, each with a small one behind that stays.
kept = []
for _ in range(2_000):
    tables = [pyarrow.array(numpy.zeros(8_000)).take([0] * 8_000)]
    kept.append((tables, pyarrow.array([1]).take([0])))
held = megabytes()
kept = [small for _, small in kept]
freed = megabytes()
give_back()
print(held - before, freed - before, megabytes() - before)
print(pyarrow.default_memory_pool().backend_name)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc can be told to")
def test_what_was_freed_is_given_back():
    done = subprocess.run(
        [sys.executable, "-c", FREED], capture_output=True, text=True, check=True, timeout=120
    )
    held, freed, given_back, pool = done.stdout.split()
    assert pool == "system"
    assert float(held) > 100  # 128 MB
    assert float(given_back) < float(freed) / 4
