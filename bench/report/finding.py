"""What a difference says: the same words for terminal, pages, README and notebooks.

A difference is of a measure where more is better. It says "better" or "worse" where its whole
interval lies on one side of 0, "as good" where all of it lies within `MARGIN` of 0, and else that
it cannot be told: that nothing was seen in a sample is no sign that there is nothing.
"""

import math
from collections.abc import Hashable
from typing import Any

import pandas as pd

from bench.report.drawing import RANKING_LABELS
from bench.report.rounding import between, rounded

#: Differences of a share up to this are none to a user: what "as good" means.
MARGIN = 0.01
_NAMES = {"uAP": "micro average precision", "R@P90": "recall at 90 % precision"}


def word(low: float, high: float) -> str:
    """The finding in a word or two.

    Parameters
    ----------
    low, high : float
        Interval of a difference; NaN where there is none.

    Examples
    --------
    >>> word(0.002, 0.3), word(-0.3, -0.002), word(-0.004, 0.002), word(-0.004, 0.3)
    ('better', 'worse', 'as good, within 0.01', 'cannot be told')
    """
    if low > 0:
        return "better"
    if high < 0:
        return "worse"
    return f"as good, within {MARGIN:g}" if -MARGIN <= low <= high <= MARGIN else "cannot be told"


def finding(what: str, low: float, high: float, detectable: float = math.nan) -> str:
    """The finding as a clause.

    Parameters
    ----------
    what : str
        What is compared, such as ``ranking by distance``.
    detectable : float
        Smallest difference that such a sample shows in 80 of 100 cases; NaN where unknown.

    Examples
    --------
    >>> finding("ranking by distance", 0.002, 0.3)
    'ranking by distance is better'
    >>> finding("ranking by distance", -0.1, 0.3, 0.25)
    'whether ranking by distance is better or worse cannot be told (it would show from 0.250 on)'
    """
    found = word(low, high)
    if found != "cannot be told":
        return f"{what} is {found}"
    shows = "" if math.isnan(detectable) else f" (it would show from {rounded(detectable)} on)"
    return f"whether {what} is better or worse cannot be told{shows}"


def difference(
    comparisons: pd.DataFrame, a: tuple[str, str], b: tuple[str, str], measure: str
) -> dict[Hashable, Any] | None:
    """The row of ``comparisons`` that compares two systems; None where there is none."""
    wanted = dict(
        zip(("variant_a", "ranking_a", "variant_b", "ranking_b"), (*a, *b), strict=True),
        measure=measure,
    )
    chosen = comparisons[(comparisons[list(wanted)] == pd.Series(wanted)).all(axis=1)]
    return None if chosen.empty else chosen.iloc[0].to_dict()


def ranking_sentence(row: dict[Hashable, Any], of_a: float, of_b: float) -> str:
    """What a comparison of two rankings of an index says."""
    a, b = RANKING_LABELS[row["ranking_a"]], RANKING_LABELS[row["ranking_b"]]
    name = _NAMES[row["measure"]]
    found = finding(f"ranking by {a}", row["low"], row["high"], row["detectable"])
    if of_a == of_b == 0:  # a precision that neither of them reaches, for example
        found = "neither reaches any, which says nothing of the two"
    return (
        f"{name[0].upper()}{name[1:]} is {rounded(of_b)} by {b} and {rounded(of_a)} by {a}; {a} "
        f"less {b} {change(row)}: {found}."
    )


def change(row: dict[Hashable, Any]) -> str:
    """A difference with its interval."""
    ends = between(row["low"], row["high"], "+.3f")
    return f"{rounded(row['difference'], '+.3f')} (95 % interval {ends})"
