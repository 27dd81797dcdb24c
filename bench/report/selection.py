"""Which of many a figure shows: no reader looks at two hundred panels."""

import numpy as np
import pandas as pd


def spread(values: "pd.Series[float]", most: int) -> pd.Index:
    """Choose rows evenly from the smallest value to the largest; all, where they are few.

    Returns
    -------
    Index
        Names of the chosen, in the order they came in; those of the smallest and the largest value
        are always among them.

    Examples
    --------
    >>> spread(pd.Series({"a": 3.0, "b": 9.0, "c": 1.0, "d": 2.0}), 3).to_list()
    ['a', 'b', 'c']
    """
    if len(values) <= most:
        return values.index
    ordered = values.sort_values(kind="stable").index
    chosen = ordered[np.linspace(0, len(ordered) - 1, most).round().astype(int)]
    return values.index[values.index.isin(chosen)]


def titled(title: str, shown: int, total: int, by: str) -> str:
    """A title that says, in a line of its own, where a figure shows a choice.

    Examples
    --------
    >>> print(titled("Where do the bytes go?", 48, 200, "bytes"))
    Where do the bytes go?
    48 of 200, evenly from the least to the most bytes; all are in the table
    >>> titled("Where do the bytes go?", 3, 3, "bytes")
    'Where do the bytes go?'
    """
    if shown == total:
        return title
    choice = f"{shown} of {total:,}, evenly from the least to the most {by}; all are in the table"
    return f"{title}\n{choice}".lstrip()
