"""Time tools on the same files, in turn."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import pandas as pd

from bench.kinds.speed.files import TimedFile
from bench.kinds.speed.peers.session import Answer


class Calls(Protocol):
    """What runs a tool on a file, see `bench.kinds.speed.peers.session.Session`."""

    def call(self, tool: str, path: Path, *, value: bool = False) -> Answer:
        """Run a tool on a file."""


class Turn(NamedTuple):
    """One call.

    Parameters
    ----------
    repetition : int
        From 0; −1 is off the record.
    file : int
        Place of the file.
    place : int
        Which of the calls of this file and repetition it is.
    tool : str
        What is called.
    """

    repetition: int
    file: int
    place: int
    tool: str


def turns(tools: Sequence[str], files: int, repetitions: int) -> Iterator[Turn]:
    """The order of all calls.

    All tools sign a file one after the other, then the next file; when all files are signed it
    begins again. Which tool is first goes round, so that none always finds what another has left
    in a cache, and slow changes of the machine hit all of them alike.

    Examples
    --------
    >>> ["".join(turn.tool for turn in turns("ab", 2, 1) if turn.file == file) for file in (0, 1)]
    ['abba', 'baab']
    """
    for repetition in range(-1, repetitions):
        for file in range(files):
            first = (repetition + 1 + file) % len(tools)
            for place in range(len(tools)):
                yield Turn(repetition, file, place, tools[(first + place) % len(tools)])


def time_tools(
    session: Calls,
    tools: Sequence[str],
    files: Sequence[TimedFile],
    repetitions: int,
    advance: Callable[[int], object] = lambda done: None,
) -> pd.DataFrame:
    """Time every tool on every file.

    Returns
    -------
    DataFrame
        One row a call: ``file``, ``megapixels``, ``repetition``, ``place`` (of the tool in the
        turn), ``tool``, ``seconds``.
    """
    rows = []
    for turn in turns(tools, len(files), repetitions):
        file = files[turn.file]
        seconds = session.call(turn.tool, file.path).seconds
        if turn.repetition >= 0:
            rows.append(
                (file.name, file.megapixels, turn.repetition, turn.place, turn.tool, seconds)
            )
        advance(1)
    columns = ["file", "megapixels", "repetition", "place", "tool", "seconds"]
    return pd.DataFrame(rows, columns=columns)
