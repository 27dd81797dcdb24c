"""The strip ``border``: values whose neighbour is off the grid are left out."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from imgsig.strips.base import Strip


class BorderStrip(Strip):
    """Leaves out the zeros of the border, 104 of 648 by default.

    Examples
    --------
    >>> BorderStrip().count
    544
    """

    strip_id = "border"

    @cached_property
    def kept(self) -> NDArray[np.intp]:
        """Positions whose neighbour is on the grid."""
        return np.flatnonzero(self.grid.on_grid)

    def restore(self, values: NDArray[np.int8]) -> NDArray[np.int8]:
        """Put the zeros back."""
        zeros = np.zeros((len(values), 1), dtype=np.int8)
        return np.concatenate((values, zeros), axis=1).take(self._sources, axis=1)

    def is_regular(self, signatures: NDArray[np.int8]) -> NDArray[np.bool_]:
        """Whether the border is 0; ``bool[m]``."""
        regular: NDArray[np.bool_] = (signatures.take(self._left_out, axis=1) == 0).all(axis=1)
        return regular

    @cached_property
    def _left_out(self) -> NDArray[np.intp]:
        return np.flatnonzero(~self.grid.on_grid)

    @cached_property
    def _sources(self) -> NDArray[np.intp]:
        """Of each value of a signature: where it stands in (kept, 0)."""
        sources = np.full(self.grid.length, self.count)
        sources[self.kept] = np.arange(self.count)
        return sources
