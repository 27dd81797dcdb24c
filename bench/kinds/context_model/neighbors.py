"""Neighbouring edges that the context model looks at."""

import numpy as np
from numpy.typing import NDArray

#: For each direction: row step, column step and direction of edges already coded, those first that
#: had the largest weights in a network of all edges up to two rows and three columns before.
# fmt: off
NEIGHBORS = (
    (
        (0, -1, 3), (-1, 0, 0), (0, -1, 0), (-1, 1, 1),
        (-1, 0, 1), (0, -1, 1), (0, -1, 2), (-1, 1, 0),
        (-2, 0, 0), (-1, -1, 1), (0, -2, 0), (-2, 0, 1),
        (-1, 0, 3), (-1, -1, 0), (-1, 0, 2), (0, -2, 3),
    ),
    (
        (0, 0, 0), (0, -1, 3), (-1, 0, 1), (0, -1, 1),
        (0, -1, 0), (0, -2, 3), (0, -2, 1), (-1, 0, 2),
        (-1, 1, 1), (0, -3, 1), (-2, 0, 1), (0, -2, 0),
        (-1, 2, 1), (-1, -1, 1), (0, -1, 2), (-1, 0, 0),
    ),
    (
        (0, 0, 0), (0, 0, 1), (-1, 0, 1), (0, -1, 0),
        (0, -1, 3), (0, -1, 2), (-1, 0, 2), (0, -2, 3),
        (-1, -1, 3), (-1, -1, 0), (-1, 2, 1), (-1, 1, 1),
        (-1, 0, 0), (0, -1, 1), (0, -2, 0), (-1, -1, 1),
    ),
    (
        (0, 0, 0), (-1, 1, 1), (0, 0, 2), (-1, 1, 2),
        (0, -1, 3), (0, 0, 1), (-1, 0, 3), (-1, 1, 0),
        (-1, 0, 1), (-1, 0, 0), (-1, -1, 3), (-1, 2, 1),
        (-1, 2, 2), (-1, 0, 2), (0, -1, 0), (-2, 1, 1),
    ),
)
# fmt: on


def neighbors(count: int) -> list[NDArray[np.int8]]:
    """The first `count` neighbours of each direction, as ``int8[count, 3]``."""
    return [np.array(where[:count], dtype=np.int8) for where in NEIGHBORS]
