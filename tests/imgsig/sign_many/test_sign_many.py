"""The call as a user makes it: order, windows, failures, kills, and nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from imgsig import ConfigError, SignatureConfig, WorkersError, generate_signature, sign_many
from imgsig.sign_many import worker as worker_module
from imgsig.sign_many.sign_file import sign_file
from imgsig.sign_many.worker import _work as real_work
from imgsig.sign_many.workers import AHEAD


def workers_of(process: psutil.Process) -> list[psutil.Process]:
    """Processes below one that sign pictures."""
    found = []
    for child in process.children(recursive=True):
        try:
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
        except psutil.NoSuchProcess:
            continue
    return found


def wait_until(condition, seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_records_are_the_signatures_in_order(pictures):
    records = list(sign_many(pictures, workers=2))
    assert [record.path for record in records] == pictures
    for record in records:
        np.testing.assert_array_equal(record.signature, generate_signature(record.path))
        assert record.outcome == "ok"
        assert record.seconds > 0
        assert len(record.sha256) == 64


def test_a_config_of_its_own(pictures):
    config = SignatureConfig(n=7)
    (record,) = sign_many(pictures[:1], workers=1, config=config)
    np.testing.assert_array_equal(record.signature, generate_signature(pictures[0], config))


def test_a_shape_that_the_config_does_not_allow_ends_no_worker(tmp_path):
    for name, size in (("wide", (200, 100)), ("square", (100, 100))):
        Image.effect_noise(size, 50).save(tmp_path / f"{name}.png")
    paths = [str(tmp_path / name) for name in ("wide.png", "square.png")]
    wide, square = sign_many(paths, workers=1, config=SignatureConfig(fix_ratio=True))
    assert (wide.outcome, square.outcome) == ("corrupt", "ok")
    assert "fix_ratio is for square pictures only" in wide.reason


def test_every_bad_file_has_a_record_and_the_others_go_on(pictures, tmp_path):
    names = ("empty", "text", "cut.png", "head.jpg", "folder", "pipe", "not")
    bad = {name: tmp_path / name for name in names}
    bad["head.jpg"].write_bytes(Path(pictures[0]).read_bytes()[:4] + bytes(99))
    bad["empty"].touch()
    bad["text"].write_text("no picture")
    with Image.open(pictures[1]) as picture:
        picture.resize((500, 500)).save(tmp_path / "whole.png")
    bad["cut.png"].write_bytes((tmp_path / "whole.png").read_bytes()[:2000])
    bad["folder"].mkdir()
    os.mkfifo(bad["pipe"])
    expected = {
        "empty": ("corrupt", "it is empty"),
        "text": ("not a picture", "none of the formats"),
        "cut.png": ("corrupt", "truncated"),
        "head.jpg": ("corrupt", "its beginning is damaged"),
        "folder": ("unreadable", "a directory"),
        "pipe": ("unreadable", "a pipe"),
        "not": ("missing", "no such file"),
    }
    paths = [path for name in expected for path in (str(bad[name]), pictures[0])]
    records = list(sign_many([*paths, "zero\0byte"], workers=2))
    for name, record in zip(expected, records[:-1:2], strict=True):
        outcome, reason = expected[name]
        assert record.outcome == outcome, name
        assert reason in record.reason, name
        assert record.signature is None
    assert all(record.is_ok for record in records[1:-1:2])
    assert records[-1].outcome == "unreadable"


def test_no_more_files_are_taken_than_the_window(pictures):
    taken = 0

    def endless():
        nonlocal taken
        while True:
            taken += 1
            yield pictures[0]

    records = sign_many(endless(), workers=2)
    for yielded in range(1, 40):
        assert next(records).is_ok
        assert taken - yielded < AHEAD * 2
    records.close()


@pytest.mark.slow
def test_ten_thousand_files_pass_through(tmp_path):
    paths = (str(tmp_path / f"{number}.jpg") for number in range(10_000))
    numbers = [record.path for record in sign_many(paths, workers=2)]
    assert numbers == [str(tmp_path / f"{number}.jpg") for number in range(10_000)]


@pytest.mark.slow
def test_a_file_that_takes_too_long_is_given_up(pictures, tmp_path):
    slow = tmp_path / "slow.png"
    Image.new("RGB", (11000, 11000)).save(slow, compress_level=1)
    paths = [str(slow), *pictures]
    records = list(sign_many(paths, workers=1, seconds=2))
    assert records[0].outcome == "timed out"
    assert "more than 2 seconds" in records[0].reason
    assert any(record.is_ok for record in records[1:])


def test_a_picture_that_takes_too_much_memory_is_refused(pictures, tmp_path):
    large = tmp_path / "large.png"
    Image.new("RGB", (9000, 9000)).save(large, compress_level=1)
    records = list(sign_many([str(large), *pictures], workers=1, memory=100 * 2**20))
    assert records[0].outcome == "out of memory"
    assert all(record.is_ok for record in records[1:])


def test_a_file_larger_than_the_memory_is_not_read(pictures, tmp_path):
    sparse = tmp_path / "sparse"
    with sparse.open("wb") as file:
        file.truncate(2**34)
    records = list(sign_many([str(sparse), pictures[0]], workers=1))
    assert [record.outcome for record in records] == ["too large", "ok"]


@pytest.mark.slow
def test_killed_workers_lose_no_file(pictures):
    paths = pictures * 18
    killed, records = 0, []
    for record in sign_many(paths, workers=2):
        records.append(record)
        if len(records) % 24 == 5:
            workers = workers_of(psutil.Process())
            workers[killed % len(workers)].kill()
            killed += 1
    assert killed == 6
    assert [record.path for record in records] == paths
    assert {record.outcome for record in records} == {"ok"}


def die_of_second(path, settings):
    """Stands for a decoder that crashes on one file."""
    if path.endswith("1.png"):
        os._exit(139)
    return sign_file(path, settings)


def work_and_die(connection, settings):
    """What a worker does, with that decoder."""
    worker_module.sign_file = die_of_second
    real_work(connection, settings)


@pytest.mark.slow
def test_a_file_that_kills_its_worker_is_told_and_the_others_go_on(pictures, monkeypatch):
    monkeypatch.setattr(worker_module, "_work", work_and_die)
    records = list(sign_many(pictures, workers=2))
    assert [record.outcome for record in records] == ["ok", "worker died", *["ok"] * 6]
    assert records[1].reason == "its worker ended 2 times, at last with exit code 139"


@pytest.mark.slow
def test_files_in_a_row_that_kill_the_only_worker_stop_nothing(pictures, monkeypatch):
    monkeypatch.setattr(worker_module, "_work", work_and_die)
    given = [pictures[0], *[pictures[1]] * 3, *pictures[2:]]
    records = list(sign_many(given, workers=1))
    wanted = ["ok", *["worker died"] * 3, *["ok"] * len(pictures[2:])]
    assert [record.outcome for record in records] == wanted


def test_closing_ends_the_workers(pictures):
    records = sign_many(pictures * 50, workers=2)
    next(records)
    process = psutil.Process()
    assert workers_of(process)
    records.close()
    assert wait_until(lambda: not workers_of(process))


SCRIPT = """\
import sys
from imgsig import sign_many
if __name__ == "__main__":
    for record in sign_many((p for _ in range(1000) for p in sys.argv[1:]), workers=2):
        print(record.outcome, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("wait", [0.0, 0.1, 0.3])
def test_ctrl_c_of_a_terminal_while_workers_start_is_the_parents_alone(pictures, tmp_path, wait):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.replace("    for record", "    print(flush=True)\n    for record"))
    started = subprocess.Popen(
        [sys.executable, str(script), *pictures],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert started.stdout is not None
    started.stdout.readline()
    time.sleep(wait)
    os.killpg(started.pid, signal.SIGINT)
    _, said = started.communicate(timeout=20)
    assert said.count("Traceback") == said.count("KeyboardInterrupt") == 1, said


@pytest.mark.slow
@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_a_parent_that_is_killed(pictures, tmp_path, by):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    started = subprocess.Popen(
        [sys.executable, str(script), *pictures],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert started.stdout is not None
    with started.stdout:
        assert started.stdout.readline() == "ok\n"
        workers = psutil.Process(started.pid).children(recursive=True)
        assert workers
        started.send_signal(by)
        started.wait(timeout=20)
        assert wait_until(lambda: not any(worker.is_running() for worker in workers))


@pytest.mark.slow
def test_a_script_without_a_guard_is_told_so(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("from imgsig import sign_many\nlist(sign_many(['a'], workers=1))\n")
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert WorkersError.__name__ in done.stderr
    assert "__main__" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"workers": 0}, "workers = 0 is impossible"),
        ({"seconds": 0}, "seconds = 0 is impossible"),
        ({"memory": -1}, "memory = -1 is impossible"),
        ({"max_pixels": 0}, "max_pixels = 0 is impossible"),
        ({"scheduler": "tcp://127.0.0.1:1", "workers": 2}, "leave out 'workers'"),
    ],
)
def test_impossible_parameters_are_refused_at_the_call(wrong, said):
    with pytest.raises(ConfigError, match=said):
        sign_many([], **wrong)


def test_progress_is_told(pictures):
    told = []
    records = list(sign_many(pictures, workers=1, advance=told.append))
    assert told == records


def test_a_cache_that_cannot_be_made_is_refused_at_the_call(tmp_path):
    with pytest.raises(ConfigError, match="cannot be used as a cache"):
        sign_many([], workers=1, cache=tmp_path)


@pytest.mark.slow
def test_a_worker_that_dies_while_idle_is_replaced(pictures):
    records = sign_many(pictures[:3] * 3, workers=1)
    assert next(records).is_ok
    time.sleep(1)  # it has signed all it was given
    (worker,) = workers_of(psutil.Process())
    worker.kill()
    assert [record.outcome for record in records] == ["ok"] * 8


@pytest.mark.slow
def test_files_given_to_a_worker_that_dies_or_hangs_are_not_to_blame(pictures, monkeypatch):
    monkeypatch.setattr(worker_module, "_work", work_and_die)
    records = list(sign_many(pictures[:2] * 4, workers=1))
    assert [record.outcome for record in records] == ["ok", "worker died"] * 4


def test_names_may_be_bytes(pictures):
    (record,) = sign_many([os.fsencode(pictures[0])], workers=1)
    assert (record.path, record.outcome) == (pictures[0], "ok")
