"""What the exit codes of ``imgsig`` and ``imgsig-bench`` mean: the one place that says it."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes that scripts can rely on.

    Examples
    --------
    >>> for code in ExitCode:
    ...     print(code.value, code.meaning)
    0 It worked.
    1 It failed; the message on standard error says what happened and what to do.
    2 The command was not understood: an unknown option, a missing or impossible argument.
    3 Not all that was asked is reached: `advise` names nothing, `migrate` left documents out.
    70 An error that nobody foresaw; `--traceback` shows where in the code it was.
    130 Interrupted by Ctrl-C or a request to end; a run goes on when it is started again.
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
        "Not all that was asked is reached: `advise` names nothing, `migrate` left documents out.",
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
