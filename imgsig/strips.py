"""Strips: which values of a signature are kept before encoding.

=========  ================================================  ===================
strip      keeps                                             values by default
=========  ================================================  ===================
none       everything                                        648
border     values whose neighbour is on the grid             544
half       one value of each mirrored pair                   272
=========  ================================================  ===================
"""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from imgsig.errors import ConfigError
from imgsig.grid import Grid


class Strip(ABC):
    """Keeps the values of a signature that the others follow from.

    A signature whose left-out values do *not* follow (no real picture gives one, but an arbitrary
    array may) is irregular: codecs store it unstripped, so nothing is ever lost.

    Parameters
    ----------
    grid : Grid
        Geometry of the signature.
    """

    strip_id: ClassVar[str]

    def __init__(self, grid: Grid | None = None) -> None:
        self.grid = grid if grid is not None else Grid()

    @property
    @abstractmethod
    def kept(self) -> NDArray[np.intp]:
        """Positions of the values that are kept, ascending; ``intp[count]``."""

    @property
    def count(self) -> int:
        """Number of values kept."""
        return len(self.kept)

    def keep(self, signatures: NDArray[np.int8]) -> NDArray[np.int8]:
        """Take the kept values: ``int8[m, length]`` to ``int8[m, count]``."""
        return signatures[:, self.kept]

    @abstractmethod
    def restore(self, values: NDArray[np.int8]) -> NDArray[np.int8]:
        """Rebuild signatures from kept values: ``int8[m, count]`` to ``int8[m, length]``."""

    def is_regular(self, signatures: NDArray[np.int8]) -> NDArray[np.bool_]:
        """Whether the left-out values of each signature follow from the kept ones; ``bool[m]``."""
        regular: NDArray[np.bool_] = (self.restore(self.keep(signatures)) == signatures).all(axis=1)
        return regular

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.grid!r})"


class NoStrip(Strip):
    """Keeps all values, 648 by default.

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


class BorderStrip(Strip):
    """Leaves out the zeros of the border, 104 of 648 by default.

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


class HalfStrip(Strip):
    """Keeps the free values, 272 of 648 by default.

    The difference from point i to point j is the negative of that from j to i, so one of the two is
    enough.

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


__all__ = ["STRIPS", "BorderStrip", "HalfStrip", "NoStrip", "Strip", "get_strip"]

#: Every strip by its id, from most to fewest values kept.
STRIPS: dict[str, type[Strip]] = {
    strip.strip_id: strip for strip in (NoStrip, BorderStrip, HalfStrip)
}


def get_strip(strip_id: str, grid: Grid | None = None) -> Strip:
    """Look a strip up by its id.

    Parameters
    ----------
    strip_id : str
        One of `STRIPS`.
    grid : Grid, optional
        Geometry of the signature; the default grid where left out.

    Raises
    ------
    ConfigError
        If there is none of that id.
    """
    if not isinstance(strip_id, str) or strip_id not in STRIPS:
        raise ConfigError(f"strip must be one of {', '.join(STRIPS)}, not {strip_id!r}")
    return STRIPS[strip_id](grid)
