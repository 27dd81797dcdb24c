"""Limits of what may change from one run to another, for the CI of whoever changes something."""

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from bench.diff.runs import BYTES, QUALITY, TIME, Diff
from bench.evaluate.measures import DIFFERENCES, headlines
from bench.report.rounding import rounded

_KNOWN = "use bytes=5%, quality=0.01 or time=1.5"
#: Names in a sentence of what one run lacks.
_NAMED = 3


@dataclass(frozen=True)
class Limit:
    """How far one part of B may be worse than that of A.

    `most` is the share by which bytes a document grow, the amount by which a measure falls, or the
    ratio of times.
    """

    part: str
    most: float
    text: str

    def passed(self, diff: Diff) -> list[str]:
        """What is past it, in sentences.

        What A has and B lacks is past every limit of that part, and so is a part without anything
        to compare: a gate that measures nothing must not open. Bytes and quality are compared as
        they are. Times are past a limit where their whole interval is, and else as they are.
        """
        table = diff.parts[self.part]
        found = []
        if lacking := diff.only.get((self.part, "A")):
            named = ", ".join(lacking[:_NAMED])
            further = f" and {len(lacking) - _NAMED:,} more" if len(lacking) > _NAMED else ""
            found.append(f"B lacks {named}{further}")
        if reason := diff.not_compared(self.part):
            found.append(reason)
        elif table.empty:
            found.append("there is nothing that both runs have to compare")
        if self.part == QUALITY:
            # What neither run has a value of was left out; what A has none of cannot have fallen.
            table = table[table["measure"].isin(headlines(DIFFERENCES)) & table["a"].notna()]
        return found + [said for row in table.to_dict("records") if (said := self._past(row))]

    def _past(self, row: dict[Hashable, Any]) -> str:
        """How a row is past the limit; nothing where it is not. A value that is NaN is past it."""
        if self.part == BYTES:
            more = row["ratio"] - 1
            told = f"{row['index']} takes {rounded(more, '+.1%')} bytes"
            return "" if more <= self.most else told
        if self.part == TIME:
            least = row["ratio"] if math.isnan(row["low"]) else row["low"]
            told = f"{row['what']} takes {rounded(row['ratio'], '.2f')}× as long"
            return "" if least <= self.most else told
        where = f"{row['measure']} of {row['index']} by {row['ranking']}"
        told = f"{where} changes by {rounded(row['difference'], '+.3f')}"
        return "" if row["difference"] >= -self.most else told


def parse_limit(text: str) -> Limit:
    """Read a limit as it is typed; `ValueError` says what is wrong with it.

    >>> parse_limit("bytes=5%").most, parse_limit("time=1.5").most
    (0.05, 1.5)
    """
    part, _, said = text.partition("=")
    if part not in (BYTES, QUALITY, TIME):
        raise ValueError(f"{text!r} limits nothing that is compared; {_KNOWN}")
    try:
        most = float(said.removesuffix("%")) / (100 if said.endswith("%") else 1)
    except ValueError:
        most = math.nan
    least = 1 if part == TIME else 0
    if not least <= most < math.inf:
        raise ValueError(
            f"{text!r}: the limit of {part} must be a number from {least} on; {_KNOWN}"
        )
    return Limit(part, most, text)
