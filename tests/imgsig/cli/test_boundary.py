"""Whatever a command raises, and whenever it is interrupted: a sentence and an exit code."""

import errno
import os
import signal
import subprocess
import sys
import time

import click
import pytest
from click.testing import CliRunner

from imgsig.cli.boundary import ExitCode, errors_explained
from imgsig.cli.command import Group


def call(raises, *arguments):
    @click.group(cls=Group)
    def program():
        pass

    @program.command()
    def work():
        raises()

    return CliRunner().invoke(program, ["work", *arguments], prog_name="program")


def raising(error):
    def work():
        raise error

    return work


def test_what_nobody_foresaw_is_a_sentence_with_the_place_and_the_remedy():
    result = call(raising(KeyError("tables")))
    assert result.exit_code == ExitCode.UNFORESEEN
    assert result.stderr.startswith("program: unforeseen KeyError: 'tables' (in ")
    assert "test_boundary.py, line " in result.stderr
    assert "--traceback" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_error_of_the_system_is_told_in_words_without_its_number(tmp_path, capsys):
    with pytest.raises(SystemExit), errors_explained("imgsig", (OSError,)):
        (tmp_path / "no\nfile").open()
    assert capsys.readouterr().err == f"imgsig: {tmp_path}/no\\nfile: No such file or directory\n"


def test_the_traceback_is_shown_where_it_is_asked_for():
    result = call(raising(KeyError("tables")), "--traceback")
    assert result.exit_code == ExitCode.UNFORESEEN
    assert "Traceback (most recent call last)" in result.stderr
    assert "raise error" in result.stderr


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (MemoryError(), ExitCode.FAILED, "out of memory"),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED, "program: interrupted\n"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), ExitCode.FAILED, ""),
        (click.UsageError("no such thing"), ExitCode.USAGE, "no such thing"),
        (SystemExit(3), ExitCode.NOT_REACHED, ""),
    ],
)
def test_other_ends(error, code, said):
    result = call(raising(error))
    assert result.exit_code == code
    assert said in result.stderr
    assert said or not result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_interrupt_and_their_handlers_come_back(number):
    before = signal.getsignal(number)

    def interrupted():
        os.kill(os.getpid(), number)
        time.sleep(10)

    result = call(interrupted)
    assert result.exit_code == ExitCode.INTERRUPTED
    assert result.stderr == "program: interrupted\n"
    assert signal.getsignal(number) is before


def test_an_interruption_that_a_callback_swallows_is_delivered_again():
    class Swallows:
        def __del__(self):
            raise KeyboardInterrupt

    def work():
        Swallows()
        time.sleep(10)

    began = time.monotonic()
    result = call(work)
    assert result.exit_code == ExitCode.INTERRUPTED
    assert result.stderr == "program: interrupted\n"
    assert time.monotonic() - began < 8


@pytest.mark.parametrize("ignored", [False, True])
def test_a_request_to_end_that_a_callback_swallows_is_raised_again(ignored):
    """As `bench.engine.terminated_as_exception` has it: the signal itself would end all at once."""
    number, ended = signal.SIGTERM, []

    def on_signal(*_):
        signal.signal(number, signal.SIG_DFL)
        raise SystemExit(128 + number)

    class Swallows:
        def __del__(self):
            os.kill(os.getpid(), number)
            time.sleep(10)

    def work():
        signal.signal(number, on_signal)
        try:
            Swallows()
            time.sleep(10)
        finally:
            ended.append("cleaned up")

    before = signal.getsignal(signal.SIGINT)
    if ignored:  # as a shell does for what it starts in the background
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        began = time.monotonic()
        assert call(work).exit_code == 128 + number
    finally:
        signal.signal(signal.SIGINT, before)
    assert ended == ["cleaned up"]
    assert time.monotonic() - began < 8


def test_other_errors_of_a_callback_are_told_and_nothing_ends():
    class Leaves:
        def __del__(self):
            sys.exit(3)

    def work():
        Leaves()
        time.sleep(0.1)

    result = call(work)
    assert result.exit_code == ExitCode.OK
    assert "SystemExit: 3" in result.stderr


#: Waits in the import of a module, as numpy's takes a while.
SLOW = """
import sys, time
sys.modules.pop("imgsig", None)
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "imgsig":
            print("importing", flush=True)
            try:
                time.sleep(20)
            except BaseException:
                pass  # as some modules do
sys.meta_path.insert(0, Finder())
import imgsig_start
getattr(imgsig_start, sys.argv[1])()
"""


@pytest.mark.slow
@pytest.mark.parametrize("program", ["imgsig", "bench"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_imports_are_interrupted_in_a_sentence_though_they_swallow_exceptions(program, number):
    child = subprocess.Popen(
        [sys.executable, "-c", SLOW, program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "importing\n"
    child.send_signal(number)
    _, stderr = child.communicate(timeout=60)
    assert child.returncode == ExitCode.INTERRUPTED
    assert stderr == f"imgsig{'-bench' * (program == 'bench')}: interrupted\n"


#: Sends itself a signal once its work is done and the interpreter takes itself apart.
LATE = """
import os, sys
import imgsig_start
class Last:
    def __del__(self, kill=os.kill, pid=os.getpid(), number=int(sys.argv[1])):
        kill(pid, number)
imgsig_start.end_in_a_sentence("imgsig")
last = Last()
print("done")
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_has_done_its_work_is_not_interrupted(number):
    ended = subprocess.run(
        [sys.executable, "-c", LATE, str(int(number))],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (ExitCode.OK, "done\n", "")
