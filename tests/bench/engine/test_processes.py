import os
import subprocess
import sys
import time

import psutil

from bench.engine.processes import is_same_process, kill_tree, stop_tree

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if len(sys.argv) < 3:
    subprocess.Popen([sys.executable, "-c", sys.argv[1], sys.argv[1], "leaf"])
print("ready", flush=True)
time.sleep(600)
"""


def test_a_process_is_its_id_and_its_birth() -> None:
    me = psutil.Process()
    assert is_same_process(me.pid, me.create_time())
    assert not is_same_process(me.pid, me.create_time() - 60)
    child = subprocess.Popen([sys.executable, "-c", ""])
    created = psutil.Process(child.pid).create_time()
    child.wait()
    assert not is_same_process(child.pid, created)


def test_a_zombie_is_not_there() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    created = psutil.Process(child.pid).create_time()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not is_same_process(child.pid, created)
    child.wait()


def test_who_obeys_is_not_killed() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    began = time.monotonic()
    assert stop_tree(child.pid, grace=30) == []
    assert time.monotonic() - began < 10
    assert stop_tree(child.pid, grace=30) == []
    child.wait()


def test_who_does_not_is_killed_with_its_children() -> None:
    child = subprocess.Popen([sys.executable, "-c", STUBBORN, STUBBORN], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert [child.stdout.readline() for _ in range(2)] == [b"ready\n"] * 2
    tree = psutil.Process(child.pid).children(recursive=True)
    assert len(tree) == 1
    assert stop_tree(child.pid, grace=0.2) == []
    child.wait()
    child.stdout.close()
    assert not tree[0].is_running() or tree[0].status() == psutil.STATUS_ZOMBIE


def test_who_is_starting_is_killed_with_its_children_at_once() -> None:
    child = subprocess.Popen([sys.executable, "-c", STUBBORN, STUBBORN], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert [child.stdout.readline() for _ in range(2)] == [b"ready\n"] * 2
    tree = psutil.Process(child.pid).children(recursive=True)
    began = time.monotonic()
    assert kill_tree(child.pid) == []
    # Nobody reaps the grandchild in many containers: it may not be waited for until then.
    assert time.monotonic() - began < 5
    assert kill_tree(child.pid) == []
    child.wait()
    child.stdout.close()
    assert not tree[0].is_running() or tree[0].status() == psutil.STATUS_ZOMBIE
