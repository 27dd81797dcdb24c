"""Where the commands ``imgsig`` and ``imgsig-bench`` start.

A module outside of the packages: whatever is imported of ``imgsig`` brings numpy and more with it,
which takes long enough to be interrupted. From here on that is answered by a sentence; what the
interpreter does before, for some hundredths of a second, is its own.
"""

# What `signal` wraps: that imports more, and would be interrupted itself.
import _signal  # type: ignore[import-not-found]
import atexit
import os

INTERRUPTED = 130
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


def imgsig() -> None:
    """Run the command ``imgsig``."""
    end_in_a_sentence("imgsig")
    from imgsig.cli import main

    main()


def bench() -> None:
    """Run the command ``imgsig-bench``."""
    end_in_a_sentence("imgsig-bench")
    from bench.cli import main

    main()


def end_in_a_sentence(program: str) -> None:
    """Say that the program was interrupted, and end it at once; a signal that is ignored stays so.

    Not as an exception: in the midst of an import that could be swallowed, or come out as another.
    Nothing has been begun that would have to be ended in order; see `imgsig.cli.boundary` for what
    follows.

    Parameters
    ----------
    program : str
        Name that the sentence begins with.
    """

    def on_signal(_number: int, _frame: object) -> None:
        os.write(2, f"{program}: interrupted\n".encode())
        os._exit(INTERRUPTED)

    numbers = [getattr(_signal, name) for name in SIGNALS if hasattr(_signal, name)]
    for number in numbers:
        if _signal.getsignal(number) != _signal.SIG_IGN:
            _signal.signal(number, on_signal)

    # What is registered first runs last: all that could take long has ended. The interpreter now
    # gives every signal back to the system, which would end a command that has done its work.
    @atexit.register
    def ignore_all() -> None:
        for number in numbers:
            _signal.signal(number, _signal.SIG_IGN)
