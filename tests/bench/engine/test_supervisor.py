import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bench.engine.supervisor import Supervisor


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reader, writer = os.pipe()
    yield reader, writer
    for end in (reader, writer):
        try:
            os.close(end)
        except OSError:
            continue


def test_wanted_until_the_lifeline_ends(pipe: tuple[int, int]) -> None:
    supervisor = Supervisor(pipe[0])
    os.write(pipe[1], b'{"plan": 1}\n')
    assert supervisor.read_line() == '{"plan": 1}'
    assert supervisor.wanted()
    os.close(pipe[1])
    assert not supervisor.wanted()
    assert not supervisor.kept


def test_kept_though_the_lifeline_ends(pipe: tuple[int, int]) -> None:
    supervisor = Supervisor(pipe[0])
    os.write(pipe[1], b"the plan\nke")
    assert supervisor.read_line() == "the plan"
    assert supervisor.wanted()
    before = supervisor.kept
    os.write(pipe[1], b"ep\n")
    os.close(pipe[1])
    assert supervisor.wanted()
    assert (before, supervisor.kept) == (False, True)
    assert supervisor.wanted()


FORKED = """
import os, subprocess, sys, time
watch = '''
import os, sys
from bench.engine.supervisor import Supervisor
supervisor = Supervisor(0)
print("watching", flush=True)
while supervisor.wanted():
    pass
os.write(1, b"unwanted")
'''
child = subprocess.Popen([sys.executable, "-c", watch], stdin=subprocess.PIPE)
if os.fork() == 0:  # holds the lifeline open, as a worker forked by the harness would
    time.sleep(20)
    os._exit(0)
time.sleep(3)
os._exit(9)
"""


def test_a_forked_child_that_holds_the_lifeline_does_not_keep_the_engine() -> None:
    answer = subprocess.Popen(
        [sys.executable, "-c", FORKED], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert answer.stdout is not None
    read = b""
    while b"unwanted" not in read:  # the forked child's copy of the pipe stays open longer
        got = os.read(answer.stdout.fileno(), 1000)
        assert got, read
        read += got
    assert answer.wait() == 9
    answer.stdout.close()
    assert read == b"watching\nunwanted"
