"""Variants that no other one beats in bytes and quality at once."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def pareto_front(bytes_per_document: ArrayLike, quality: ArrayLike) -> NDArray[np.bool_]:
    """Tell which points are on the front of few bytes and high quality.

    Parameters
    ----------
    bytes_per_document, quality : array_like
        ``float64[m]``. Points where either is NaN are on no front.

    Returns
    -------
    ndarray
        ``bool[m]``: no other point has at most the bytes and at least the quality, and differs in
        one. Of equal points all are on the front.

    Examples
    --------
    >>> pareto_front([100, 200, 300, 150], [0.5, 0.9, 0.8, 0.5]).tolist()
    [True, True, False, False]
    """
    sizes = np.asarray(bytes_per_document, dtype=np.float64)
    gains = np.asarray(quality, dtype=np.float64)
    front = np.zeros(len(sizes), dtype=np.bool_)
    defined = np.flatnonzero(~np.isnan(sizes) & ~np.isnan(gains))
    best, at_size = -np.inf, np.nan
    for point in defined[np.lexsort((-gains[defined], sizes[defined]))].tolist():
        # Ascending bytes, best first among equals: it must beat all before, or equal the last.
        if gains[point] > best or (gains[point] == best and sizes[point] == at_size):
            front[point] = True
            best, at_size = gains[point], sizes[point]
    return front


def pareto_table(sweep: pd.DataFrame) -> pd.DataFrame:
    """The fronts of a sweep, one a ranking and measure.

    Parameters
    ----------
    sweep : DataFrame
        The table ``sweep``; thresholds are no quality and have no front.

    Returns
    -------
    DataFrame
        Its rows that are on a front, by ranking and measure, ascending bytes, with ``overall``:
        whether they are on the front of all rankings together.
    """
    measured = sweep[~sweep["measure"].str.startswith("threshold@")]
    measured = measured.assign(overall=False)
    for _, rows in measured.groupby("measure", sort=False):
        front = pareto_front(rows["bytes_per_document"], rows["value"])
        measured.loc[rows.index, "overall"] = front
    parts = [
        rows[pareto_front(rows["bytes_per_document"], rows["value"])].sort_values(
            ["bytes_per_document", "variant"]
        )
        for _, rows in measured.groupby(["ranking", "measure"], sort=False)
    ]
    return pd.concat(parts, ignore_index=True)
