"""The strip ``half``: one value of every mirrored pair is left out, and the border with them."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from imgsig.strips.base import Strip


class HalfStrip(Strip):
    """Keeps the free values, 272 of 648 by default.

    The difference from point i to point j is the negative of that from j to i, so one of the two is
    enough.

    Examples
    --------
    >>> HalfStrip().count
    272
    """

    strip_id = "half"

    @cached_property
    def kept(self) -> NDArray[np.intp]:
        """Positions of the first value of each mirrored pair."""
        return self.grid.free

    @cached_property
    def _sources(self) -> NDArray[np.intp]:
        """Of each value of a signature: where it stands in (kept, −kept, 0)."""
        count = self.count
        sources = np.full(self.grid.length, 2 * count)
        sources[self.kept] = np.arange(count)
        sources[self.grid.partner[self.kept]] = count + np.arange(count)
        return sources

    def restore(self, values: NDArray[np.int8]) -> NDArray[np.int8]:
        """Mirror the kept values and put the zeros of the border back."""
        zeros = np.zeros((len(values), 1), dtype=np.int8)
        return np.concatenate((values, -values, zeros), axis=1).take(self._sources, axis=1)

    def is_regular(self, signatures: NDArray[np.int8]) -> NDArray[np.bool_]:
        """Whether mirrored values are opposite and the border is 0; ``bool[m]``."""
        sums = signatures.take(self.kept, axis=1)
        sums += signatures.take(self.grid.partner[self.kept], axis=1)
        border = signatures.take(np.flatnonzero(~self.grid.on_grid), axis=1)
        regular: NDArray[np.bool_] = (sums == 0).all(axis=1)
        regular &= (border == 0).all(axis=1)
        return regular
