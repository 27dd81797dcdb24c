"""The strip ``none``: every value is kept."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from imgsig.strips.base import Strip


class NoStrip(Strip):
    """Keeps all values, 648 by default.

    Examples
    --------
    >>> NoStrip().count
    648
    """

    strip_id = "none"

    @cached_property
    def kept(self) -> NDArray[np.intp]:
        """All positions."""
        return np.arange(self.grid.length)

    def keep(self, signatures: NDArray[np.int8]) -> NDArray[np.int8]:
        """Return the signatures as they are."""
        return signatures

    def restore(self, values: NDArray[np.int8]) -> NDArray[np.int8]:
        """Return the values as they are."""
        return values

    def is_regular(self, signatures: NDArray[np.int8]) -> NDArray[np.bool_]:
        """Every signature is: nothing is left out."""
        return np.ones(len(signatures), dtype=np.bool_)
