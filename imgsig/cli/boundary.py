"""What is left when a command fails or is interrupted: one sentence and an exit code.

Errors that a user can act on are told by the commands themselves (`errors_explained`). All others
end here, for both programs: a traceback helps only who works on the code, and ``--traceback`` shows
it to them.
"""

import errno
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from types import FrameType
from typing import Any

import click

from imgsig.file_names import shown_name


class ExitCode(IntEnum):
    """Exit codes that scripts can rely on.

    >>> [code.value for code in ExitCode], ExitCode.OK.meaning
    ([0, 1, 2, 3, 70, 130], 'It worked.')
    """

    meaning: str

    OK = 0, "It worked."
    FAILED = 1, "It failed; the message on standard error says what happened and what to do."
    USAGE = (
        2,
        "The command was not understood: an unknown option, a missing or impossible argument.",
    )
    NOT_REACHED = (
        3,
        "Not all that was asked is reached: `advise` names nothing, `migrate` left documents out, "
        "`diff` is past a limit.",
    )
    UNFORESEEN = 70, "An error that nobody foresaw; `--traceback` shows where in the code it was."
    INTERRUPTED = (
        130,
        "Interrupted by Ctrl-C or a request to end; a run goes on when it is started again.",
    )

    def __new__(cls, value: int, meaning: str) -> "ExitCode":
        """Make a code that carries its meaning."""
        code = int.__new__(cls, value)
        code._value_ = value
        code.meaning = meaning
        return code


_ASKED = "imgsig.traceback"
#: Exit codes above are of a process that a signal has ended, as shells tell it.
_OF_SIGNAL = 128
_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


def _ask(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        context.meta[_ASKED] = True  # a dictionary that all contexts of a call share


#: The option that every command has.
TRACEBACK = click.Option(
    ["--traceback"],
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_ask,
    help="Show where in the code an error was raised.",
)


@contextmanager
def boundary(context: click.Context) -> Iterator[None]:
    """Turn whatever a command raises into a sentence on standard error and an exit code.

    The exit code is `ExitCode.INTERRUPTED` for Ctrl-C or a request to end, else
    `ExitCode.UNFORESEEN`.
    """
    program = context.info_name or ""
    try:
        with _signals_as_interrupt():
            yield
    except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
        raise  # click knows what to do with these
    except SystemExit as ended:
        if context.meta.get(_ASKED) and ended.__context__ is not None:
            traceback.print_exception(ended.__context__)
        raise
    except KeyboardInterrupt:
        click.echo(f"{program}: interrupted", err=True)
        sys.exit(ExitCode.INTERRUPTED)
    except MemoryError:
        click.echo(
            f"{program}: out of memory; close other programs, or give it less to do, and try again",
            err=True,
        )
        sys.exit(ExitCode.FAILED)
    except Exception as error:
        if _is_about_output(error):
            raise
        if context.meta.get(_ASKED):
            traceback.print_exception(error)
        click.echo(f"{program}: {_sentence(error)}", err=True)
        sys.exit(ExitCode.UNFORESEEN)


@contextmanager
def output_explained(program: str) -> Iterator[None]:
    """Say in a sentence that standard output takes no more: a help page too may go to a full disk.

    The exit code is `ExitCode.FAILED`.
    """
    try:
        yield
    except OSError as error:
        if not _is_about_output(error):
            raise
        click.echo(f"{program}: the output cannot be written: {error.strerror}", err=True)
        # What is left to be written would be tried again at the very end, and told by Python.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(ExitCode.FAILED)


def _is_about_output(error: Exception) -> bool:
    """Whether it is of a write to what has no name: files and sockets are told elsewhere."""
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
    return isinstance(error, OSError) and error.filename is None and error.errno in full


def _sentence(error: Exception) -> str:
    what = f"{type(error).__name__}: {error}".rstrip(": ").replace("\n", " ")
    where = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"unforeseen {what} (in {'/'.join(Path(where.filename).parts[-3:])}, line {where.lineno}). "
        "If a file that it reads was changed or is of another version, fix that; otherwise this is "
        "a bug: run it again with --traceback and report the output"
    )


@contextmanager
def _signals_as_interrupt() -> Iterator[None]:
    """Raise `KeyboardInterrupt` for a request to end too; a second one ends the process at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def on_signal(number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGINT:
            signal.signal(number, signal.SIG_DFL)
        raise KeyboardInterrupt

    before = {
        number: signal.signal(number, on_signal)
        for number in _SIGNALS
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    unraisable, sys.unraisablehook = sys.unraisablehook, _interrupt_again
    try:
        yield
    finally:
        sys.unraisablehook = unraisable
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt_again(unraisable: Any) -> None:
    """Raise once more what a signal raised where no exception can be, as in a callback.

    It comes with SIGINT, whichever signal it was: another may end the process at once by now.
    """
    error = unraisable.exc_value
    if not _is_of_signal(error):
        sys.__unraisablehook__(unraisable)
        return
    error.with_traceback(None)  # its frames would keep alive what is being finalised

    def on_signal(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, before)
        raise error

    before = signal.signal(signal.SIGINT, on_signal)
    main = threading.main_thread().ident
    threading.Timer(0.02, signal.pthread_kill, (main, signal.SIGINT)).start()


def _is_of_signal(error: BaseException | None) -> bool:
    """Whether an error is what a signal raises: an interrupt, or a shell's exit code for it."""
    if isinstance(error, SystemExit):
        return isinstance(error.code, int) and error.code > _OF_SIGNAL
    return isinstance(error, KeyboardInterrupt)


@contextmanager
def errors_explained(
    program: str, errors: tuple[type[BaseException], ...], interrupted: str = "interrupted"
) -> Iterator[None]:
    """Print errors that a user can act on as one message; leave others to `imgsig.cli.boundary`.

    The exit code is `ExitCode.FAILED`, and for Ctrl-C `ExitCode.INTERRUPTED`.
    """
    try:
        yield
    except BrokenPipeError:
        raise  # whoever reads the output has seen enough: click ends quietly
    except errors as error:
        click.echo(f"{program}: {reason_of(error)}", err=True)
        sys.exit(ExitCode.FAILED)
    except KeyboardInterrupt:
        click.echo(f"{program}: {interrupted}", err=True)
        sys.exit(ExitCode.INTERRUPTED)


def reason_of(error: BaseException) -> str:
    """What an error says; of one of the system its words, without their number.

    >>> reason_of(OSError(28, "No space left on device", "/dev/full"))
    '/dev/full: No space left on device'
    """
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    about = f"{shown_name(error.filename)}: " if isinstance(error.filename, str) else ""
    return f"{about}{error.strerror}"
