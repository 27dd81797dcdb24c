"""A fault, injected."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What was done, and what came of it.

    Parameters
    ----------
    group : str
        What it is about, such as ``images``.
    injected : str
        What was done.
    expected : str
        What should happen.
    happened : str
        What happened.
    ok : bool
        Whether that is the same.
    """

    group: str
    injected: str
    expected: str
    happened: str
    ok: bool
