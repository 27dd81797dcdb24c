"""Which schemes the live engine confirms: a few that span the grid, always the same ones."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bench.index.variant import parameters
from imgsig import WordScheme

#: How far apart two alphabets, spacings or strips are; the whole range of N, or of k, is 1.
_CATEGORY = 0.5


def choose_sample(
    schemes: Mapping[str, WordScheme], required: Sequence[str], count: int
) -> list[str]:
    """Choose schemes that are far from each other.

    Beginning with those required, each next one is the scheme farthest from all that are chosen
    (Gonzalez, "Clustering to minimize the maximum intercluster distance", 1985), by the logarithm
    of N, by k, and by alphabet, spacing and strip.

    Examples
    --------
    >>> schemes = {str(N): WordScheme(N=N, k=8) for N in (8, 16, 32, 64, 128)}
    >>> choose_sample(schemes, ["32"], 3)
    ['32', '8', '128']
    """
    names = list(schemes)
    places = _places(schemes)
    chosen = list(dict.fromkeys(required))
    apart = np.full(len(names), np.inf)
    for name in chosen:
        apart = np.minimum(apart, _distances(places, names.index(name)))
    while len(chosen) < min(count, len(names)):
        # Without any chosen yet all are equally far, and the first is taken.
        farthest = int(np.argmax(apart))
        chosen.append(names[farthest])
        apart = np.minimum(apart, _distances(places, farthest))
    return chosen


def hold_out(chosen: Sequence[str], share: float) -> list[str]:
    """Choose the part of a sample that a model is tested on, evenly over its order.

    Examples
    --------
    >>> hold_out(["a", "b", "c", "d", "e", "f", "g"], 0.3)
    ['b', 'f']
    """
    count = int(len(chosen) * share)
    return [chosen[math.floor((i + 0.5) * len(chosen) / count)] for i in range(count)]


def _places(schemes: Mapping[str, WordScheme]) -> NDArray[np.float64]:
    rows = [parameters(scheme) for scheme in schemes.values()]
    sizes = np.array([[math.log2(row["N"]), row["k"]] for row in rows], dtype=np.float64)
    span = np.ptp(sizes, axis=0)
    axes = [sizes / np.where(span > 0, span, 1)]
    for name in ("alphabet", "spacing", "strip"):
        kinds = sorted({row[name] for row in rows})
        # One axis a kind, so that any two differ by the same: the root of twice the square.
        axes.append(
            np.array([[row[name] == kind for kind in kinds] for row in rows])
            * (_CATEGORY / math.sqrt(2))
        )
    return np.concatenate(axes, axis=1)


def _distances(places: NDArray[np.float64], one: int) -> NDArray[np.float64]:
    distances: NDArray[np.float64] = np.linalg.norm(places - places[one], axis=1)
    return distances
