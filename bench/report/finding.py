"""What a difference means, in the same words on the terminal, pages, README and notebooks.

A difference is of a measure where more is better. It means "better" or "worse" where its whole
interval lies on one side of 0, "as good" where all of it lies within `MARGIN` of 0, and otherwise
it cannot be told: a sample that shows no difference does not prove that there is none.
"""

import math
from collections.abc import Hashable, Iterable
from typing import Any

import pandas as pd

from bench.evaluate.measures import MEASURES
from bench.report.axes import where
from bench.report.drawing import RANKING_LABELS
from bench.report.rounding import between, rounded

#: Differences of a share up to this do not matter to a user: what "as good" means.
MARGIN = 0.01
_NAMES = {each.name: each.words for each in MEASURES if each.words}


#: With fewer scenes that all say the same, a difference of `MARGIN` may yet be there (the rule of
#: three, at 95 %).
ENOUGH_SCENES = 3 / MARGIN


def word(low: float, high: float, scenes: float = math.inf) -> str:
    """The finding from the interval of a difference, in a word or two.

    An interval without width is that of resamples which all say the same, as those of a few
    `scenes` do. Where these were not counted, there are no more than queries.

    >>> word(0.0, 0.0), word(0.0, 0.0, scenes=2)
    ('as good, within 0.01', 'cannot be told')
    """
    if low == high and scenes < ENOUGH_SCENES:
        return "cannot be told"
    if low > 0:
        return "better"
    if high < 0:
        return "worse"
    return f"as good, within {MARGIN:g}" if -MARGIN <= low <= high <= MARGIN else "cannot be told"


def scenes_column(table: pd.DataFrame) -> str:
    """The column that says how many scenes values are of; queries, where none were counted."""
    return "effective_scenes" if "effective_scenes" in table else "n"


def listed(parts: Iterable[str]) -> str:
    """Join parts of a sentence.

    >>> listed(["a"]), listed("abc")
    ('a', 'a, b and c')
    """
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def finding(
    what: str,
    low: float,
    high: float,
    detectable: float = math.nan,
    scenes: float = math.inf,
) -> str:
    """The finding as a clause; of so many `scenes`, see `word`.

    `detectable` is the smallest difference that such a sample shows in 80 of 100 cases; an interval
    without width tells none.

    >>> finding("ranking by distance", 0.002, 0.3)
    'ranking by distance is better'
    >>> finding("ranking by distance", -0.1, 0.3, 0.25)
    'whether ranking by distance is better or worse cannot be told (it would show from 0.250 on)'
    """
    found = word(low, high, scenes)
    if found != "cannot be told":
        return f"{what} is {found}"
    known = not math.isnan(detectable) and low < high
    shows = f" (it would show from {rounded(detectable)} on)" if known else ""
    return f"whether {what} is better or worse cannot be told{shows}"


def difference(
    comparisons: pd.DataFrame, a: tuple[str, str], b: tuple[str, str], measure: str
) -> dict[Hashable, Any] | None:
    """The row of ``comparisons`` that compares two systems; None where there is none."""
    chosen = where(comparisons, variant_a=a[0], ranking_a=a[1], variant_b=b[0], ranking_b=b[1])
    chosen = where(chosen, measure=measure)
    return None if chosen.empty else chosen.iloc[0].to_dict()


def ranking_sentence(
    row: dict[Hashable, Any],
    of_a: float,
    of_b: float,
    *,
    confidence: str = "95 %",
    scenes: float = math.inf,
) -> str:
    """What a comparison of two rankings of an index means, with its values.

    `confidence` is that of its interval, see `bench.report.rounding.confidence`; of so many
    `scenes`, see `word`.
    """
    a, b = RANKING_LABELS[row["ranking_a"]], RANKING_LABELS[row["ranking_b"]]
    name = _NAMES[row["measure"]]
    found = finding(f"ranking by {a}", row["low"], row["high"], row["detectable"], scenes)
    if of_a == of_b == 0:  # for example a precision that neither reaches
        found = "neither reaches any, which says nothing of the two"
    return (
        f"{name[0].upper()}{name[1:]} is {rounded(of_b)} by {b} and {rounded(of_a)} by {a}; {a} "
        f"less {b} {change(row, confidence)}: {found}."
    )


def change(row: dict[Hashable, Any], confidence: str) -> str:
    """A difference with its interval."""
    ends = between(row["low"], row["high"], "+.3f")
    return f"{rounded(row['difference'], '+.3f')} ({confidence} interval {ends})"
