"""Turns SIGTERM into an exception, so that what was opened is closed on the way out."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Terminated(SystemExit):
    """The process was asked to end; uncaught, it ends with the shell's exit code for that."""


@contextmanager
def terminated_as_exception() -> Iterator[None]:
    """Raise :class:`Terminated` where SIGTERM or SIGHUP arrives; for the main thread.

    A signal that is ignored, as ``nohup`` does with SIGHUP, stays so.

    A second signal ends the process at once: then the engine's watching process cleans up.
    """

    def on_signal(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        raise Terminated(128 + number)

    before = {
        number: signal.signal(number, on_signal)
        for number in (signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
