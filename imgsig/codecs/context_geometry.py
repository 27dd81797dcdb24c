"""Order in which the free values are coded, and which coded ones each can look back at.

Grid points are visited row by row. Each brings the differences between it and the points before
it: upper, left, upper-left, upper-right. All but the first close triangles with edges already
coded, and around a triangle grey-level differences must be consistent; that is what a context model
lives on.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from imgsig.grid import EIGHT_NEIGHBORS, Grid

#: Directions of a point's edges, in coding order, as indices of `EIGHT_NEIGHBORS`.
DIRECTIONS = (1, 3, 0, 2)


@dataclass(frozen=True)
class Edges:
    """The 272 free values of the default grid, in coding order."""

    order: NDArray[np.intp]  # [272]: index among the values that the strip ``half`` keeps
    points: NDArray[np.intp]  # [272, 2]: row and column of the grid point that brings it
    directions: NDArray[np.intp]  # [272]: index of `DIRECTIONS`

    def context(self, offsets: NDArray[np.int8], direction: int) -> NDArray[np.intp]:
        """Steps at which the neighbouring edges of each edge of a direction were coded.

        The offsets are ``int8[count, 3]``: row and column step to the neighbouring edge's point,
        and its direction. Gives ``intp[edges, count]``; 272 stands for an edge that is off the
        grid.
        """
        edges = zip(*self.points.T.tolist(), self.directions.tolist(), strict=True)
        step_of = {edge: step for step, edge in enumerate(edges)}
        where = offsets.tolist()
        rows = [
            [step_of.get((row + down, column + right, way), 272) for down, right, way in where]
            for row, column in self.points[self.directions == direction].tolist()
        ]
        return np.array(rows, dtype=np.intp)


@lru_cache
def edges() -> Edges:
    """Edges of the default grid.

    >>> edges().order.shape, edges().points[:3].tolist()
    ((272,), [[0, 1], [0, 2], [0, 3]])
    """
    grid = Grid()
    kept_index = {int(position): index for index, position in enumerate(grid.free)}
    order, points, directions = [], [], []
    for point in range(grid.n**2):
        for way, neighbor in enumerate(DIRECTIONS):
            back = int(grid.partner[point * len(EIGHT_NEIGHBORS) + neighbor])
            if back >= 0:
                order.append(kept_index[back])
                points.append(divmod(point, grid.n))
                directions.append(way)
    return Edges(np.array(order), np.array(points), np.array(directions))
