"""The grid of sample points and what its geometry implies for a signature."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from imgsig.errors import ConfigError

#: Row and column steps to the neighbours of a grid point, in signature order: upper-left, upper,
#: upper-right, left, right, lower-left, lower, lower-right.
EIGHT_NEIGHBORS = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))
#: The same without diagonals: upper, left, right, lower.
FOUR_NEIGHBORS = ((-1, 0), (0, -1), (0, 1), (1, 0))


@dataclass(frozen=True)
class Grid:
    """An n×n grid of points, each compared with its 8 (or 4) neighbours.

    Parameters
    ----------
    n : int
        Grid points in each direction, at least 2.
    diagonal_neighbors : bool
        Compare with 8 neighbours (True) or with the 4 beside, above and below (False).

    Raises
    ------
    ConfigError
        If `n` is not an integer of at least 2.

    Examples
    --------
    >>> grid = Grid()
    >>> grid.length, int(grid.on_grid.sum()), len(grid.free)
    (648, 544, 272)
    """

    n: int = 9
    diagonal_neighbors: bool = True

    def __post_init__(self) -> None:
        if type(self.n) is not int or not 2 <= self.n <= 255:
            raise ConfigError(
                f"n must be an integer from 2 to 255 (points in each direction), not {self.n!r}"
            )
        if type(self.diagonal_neighbors) is not bool:
            raise ConfigError(
                f"diagonal_neighbors must be true or false, not {self.diagonal_neighbors!r}"
            )

    @property
    def neighbors(self) -> tuple[tuple[int, int], ...]:
        """Row and column steps to the neighbours, in signature order."""
        return EIGHT_NEIGHBORS if self.diagonal_neighbors else FOUR_NEIGHBORS

    @property
    def length(self) -> int:
        """Number of values in a signature: n · n · neighbours."""
        return self.n * self.n * len(self.neighbors)

    @cached_property
    def partner(self) -> NDArray[np.intp]:
        """Position of each value's mirror, the difference the other way round; ``intp[length]``.

        Values whose neighbour lies off the grid have none: −1.
        """
        n, count = self.n, len(self.neighbors)
        partner = np.full((n, n, count), -1, dtype=np.intp)
        for index, (down, right) in enumerate(self.neighbors):
            back = self.neighbors.index((-down, -right))
            rows = np.arange(max(0, -down), min(n, n - down))[:, np.newaxis]
            columns = np.arange(max(0, -right), min(n, n - right))[np.newaxis, :]
            partner[rows, columns, index] = ((rows + down) * n + columns + right) * count + back
        flat = partner.ravel()
        flat.flags.writeable = False
        return flat

    @cached_property
    def points_compared(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The grid point of each value and its neighbour, ``intp[length]`` each.

        Points are numbered row by row; where the neighbour lies off the grid, both are n·n.
        """
        on, count, off = self.on_grid, len(self.neighbors), self.n * self.n
        here = np.where(on, np.arange(self.length) // count, off)
        there = np.where(on, self.partner // count, off)
        here.flags.writeable = there.flags.writeable = False
        return here, there

    @cached_property
    def on_grid(self) -> NDArray[np.bool_]:
        """True where the neighbour is on the grid; ``bool[length]``. The others are always 0."""
        mask = self.partner >= 0
        mask.flags.writeable = False
        return mask

    @cached_property
    def free(self) -> NDArray[np.intp]:
        """Positions of one value of every mirrored pair, the first in signature order, ascending.

        All other values follow from these: value(i→j) = −value(j→i), and 0 off the grid.
        """
        positions = np.flatnonzero(self.partner < np.arange(self.length))
        free = np.sort(self.partner[positions[self.on_grid[positions]]])
        free.flags.writeable = False
        return free
