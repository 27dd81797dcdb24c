"""Tables and headings as Markdown."""

import re
from collections.abc import Iterable, Sequence


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], right: str = "") -> str:
    """A table.

    Parameters
    ----------
    headings : sequence of str
        Of the columns.
    rows : iterable of sequence
        Cells, shown as text.
    right : str
        One letter a column: ``r`` for one of numbers. Columns without a letter are left-aligned.

    Returns
    -------
    str
    """
    aligned = [*right.ljust(len(headings))]
    rule = ["---:" if side == "r" else "---" for side in aligned]
    lines = [headings, rule, *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def summary(docstring: str | None) -> str:
    """First paragraph of a docstring, on one line, with its code marked as Markdown."""
    first = (docstring or "").strip().split("\n\n")[0]
    return markdown(" ".join(first.split()))


def markdown(text: str) -> str:
    """A text of one line with its code marked as Markdown."""
    return text.replace("``", "`")


def plain(text: str) -> str:
    """A text that is no Markdown, as Markdown that shows it on one line."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))
