"""What a strip is: which values of a signature are kept before encoding."""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

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
