"""Work on all cores."""

import contextlib
import operator
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from joblib import effective_n_jobs

from datasets import DatasetError
from datasets.parallel import in_parallel

#: On one core there are no workers: what is to die would be the tests.
with_workers = pytest.mark.skipif(effective_n_jobs(-1) == 1, reason="needs two cores")


def workers() -> list[str]:
    names = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it has ended in between
            names.append(" ".join(child.cmdline()))
    return [name for name in names if "loky.backend.popen" in name]


def test_results_come_in_order_and_no_worker_stays():
    results = in_parallel(operator.mul, ((number, number) for number in range(50)))
    assert list(results) == [number * number for number in range(50)]
    assert not workers()


def test_an_error_in_a_worker_is_raised():
    with pytest.raises(ZeroDivisionError):
        list(in_parallel(operator.truediv, [(1, 0)]))


@pytest.mark.slow
@with_workers
@pytest.mark.parametrize(
    ("dies", "how", "named"),
    [(signal.raise_signal, signal.SIGKILL, r"SIGKILL\(-9\)"), (os._exit, 3, r"EXIT\(3\)")],
)
def test_a_worker_that_dies_is_said_with_what_to_do(dies, how, named):
    said = rf"died \(exit codes \{{.*{named}.*\}}\).*LOKY_MAX_CPU_COUNT=1.*`imgsig sign FOLDER`"
    with pytest.raises(DatasetError, match=said):
        list(in_parallel(dies, [(how,)]))
    assert not workers()
    assert list(in_parallel(operator.neg, [(1,)])) == [-1]  # the next call has workers again


SCRIPT = """\
import sys, time
from datasets.parallel import in_parallel
if __name__ == "__main__":
    try:
        print(flush=True)
        for _ in in_parallel(time.sleep, ((0.1,) for _ in range(1000))):
            print(flush=True)
    except KeyboardInterrupt:
        sys.exit("interrupted")
"""


@pytest.mark.slow
@with_workers
@pytest.mark.parametrize(("lines", "wait"), [(1, 0.0), (1, 0.3), (1, 0.8), (2, 0.0)])
def test_ctrl_c_of_a_terminal_is_the_parents_alone(tmp_path, lines, wait):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    started = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert started.stdout is not None
    for _ in range(lines):
        started.stdout.readline()
    time.sleep(wait)
    os.killpg(started.pid, signal.SIGINT)
    assert started.communicate(timeout=60)[1] == "interrupted\n"


def test_memory_that_runs_out_in_a_worker_is_said_with_what_to_do():
    said = r"memory ran out: close other programs.*LOKY_MAX_CPU_COUNT=1.*`imgsig sign FOLDER`"
    with pytest.raises(DatasetError, match=said) as caught:
        list(in_parallel(bytes, [(1 << 62,)]))
    assert isinstance(caught.value.__cause__, MemoryError)
    assert not workers()


def test_the_processes_are_as_few_as_the_message_says(monkeypatch):
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")
    assert set(in_parallel(os.getpid, [()] * 4)) == {os.getpid()}
