"""Puts made parts between their marks in a text: ``<!-- made: NAME -->`` to ``<!-- /made -->``."""

import re
from collections.abc import Callable, Mapping

_MADE = re.compile(r"(<!-- made: (?P<name>[a-z-]+) -->\n)(?P<text>.*?)(<!-- /made -->)", re.DOTALL)


class UnknownPartError(ValueError):
    """A mark names a part that nothing makes."""


def fill(text: str, blocks: Mapping[str, Callable[[], str]]) -> str:
    """Make all marked parts of a text anew.

    Parameters
    ----------
    text : str
        Markdown.
    blocks : mapping of str to callable
        What makes each part.

    Returns
    -------
    str

    Raises
    ------
    UnknownPartError
        If a mark names another part.
    """

    def made(found: re.Match[str]) -> str:
        if found["name"] not in blocks:
            raise UnknownPartError(
                f"there is no part {found['name']!r}; there are {', '.join(blocks)}"
            )
        return f"{found[1]}{blocks[found['name']]()}{found[4]}"

    return _MADE.sub(made, text)


def stale(text: str, filled: str) -> list[str]:
    """What differs, a line each: where, what it says, what is right.

    Parameters
    ----------
    text, filled : str
        As it is, and as `fill` makes it.

    Returns
    -------
    list of str
        Empty where nothing does.
    """
    before, after = text.splitlines(), filled.splitlines()
    length = max(len(before), len(after))
    pairs = zip(
        before + [""] * (length - len(before)), after + [""] * (length - len(after)), strict=True
    )
    return [
        f"line {number}: says {said!r}, the results say {right!r}"
        for number, (said, right) in enumerate(pairs, 1)
        if said != right
    ]
