"""How much a signature says."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgsig.strips import get_strip


def quality(signatures: ArrayLike) -> NDArray[np.float64]:
    """Share of a signature's values that are not 0, 0 to 1, of those that say anything at all.

    A sheet of paper has few, and equal words or bits with every other. Ranked by score, such
    pictures come first whatever is searched for; ranked by margin, refusing them gains nothing:
    see `docs/findings.md`.

    Parameters
    ----------
    signatures : array_like
        ``int8[m, 648]`` (or ``int8[648]``, taken as m = 1).

    Returns
    -------
    ndarray
        ``float64[m]``.

    Examples
    --------
    >>> blank = np.zeros(648, dtype=np.int8)
    >>> quality([blank, np.ones(648, dtype=np.int8)]).tolist()
    [0.0, 1.0]
    """
    values = np.atleast_2d(np.asarray(signatures))
    return np.asarray((values[:, get_strip("half").kept] != 0).mean(axis=1))
