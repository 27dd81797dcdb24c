"""Documents of a scale run: real signatures first, then synthetic ones, drawn when asked for.

Each block of synthetic ones follows from the model, the seed and its number alone (see
`bench.kinds.synthetic.model`), so any row is at hand without those before it, and the same however
often and in whatever order it is read. A few blocks are kept, never all, and the next one is drawn
while the one before is sent: drawing takes as long as loading small documents.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from bench.kinds.synthetic.model import BLOCK, SyntheticModel, draw_block

#: Drawn blocks that are kept: whoever reads in order needs one, two readers at once a few.
KEPT = 4


def _no_block(number: int) -> NDArray[np.int8]:
    raise IndexError("there are more documents than real ones, and no model to draw others from")


@dataclass(frozen=True)
class Documents:
    """Signatures of so many documents, ``int8[length, 648]``, as if they were an array.

    `block` gives the synthetic ones of a block by its number, ``int8[BLOCK, 648]``.
    """

    real: NDArray[np.int8]
    length: int
    block: Callable[[int], NDArray[np.int8]] = _no_block

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, rows: slice) -> NDArray[np.int8]:
        start, stop, step = rows.indices(self.length)
        if step < 1:
            raise IndexError(f"documents are read forwards, not in steps of {step}")
        return self.rows(start, max(start, stop))[::step]

    def rows(self, start: int, stop: int) -> NDArray[np.int8]:
        """Signatures of the documents from `start` up to `stop`."""
        if not 0 <= start <= self.length or stop > self.length:
            raise IndexError(f"rows {start:,} to {stop:,} are not all among {self.length:,}")
        real = len(self.real)
        parts = [self.real[start:stop]]
        first, last = max(start - real, 0), max(stop - real, 0)
        for number in range(first // BLOCK, -(-last // BLOCK)):
            begin = number * BLOCK
            parts.append(self.block(number)[max(first - begin, 0) : last - begin])
        return np.concatenate(parts)

    def first(self, length: int) -> "Documents":
        """The first so many of them."""
        return replace(self, length=length)

    def synthetic(self, length: int) -> "Documents":
        """So many synthetic ones alone, from the first on."""
        return replace(self, real=self.real[:0], length=length)


@dataclass(frozen=True)
class Held:
    """The documents of one index, and the paths that they have in turn, if of their own."""

    database: Documents
    paths: Sequence[str] | None


class DrawnAhead:
    """Blocks by their number; of those read in turn, the next is drawn in a thread meanwhile.

    All are drawn in that one thread, which holds no lock of the interpreter most of the time.
    """

    def __init__(self, draw: Callable[[int], NDArray[np.int8]]) -> None:
        self._draw, self._thread = draw, ThreadPoolExecutor(1)
        self._of = lru_cache(KEPT)(self._begin)
        self._last = -1

    def __call__(self, number: int) -> NDArray[np.int8]:
        """Return a block, waiting until it is drawn."""
        block, in_turn = self._of(number), number == self._last + 1
        self._last = number
        if in_turn:
            self._of(number + 1)
        return block.result()

    def _begin(self, number: int) -> "Future[NDArray[np.int8]]":
        return self._thread.submit(self._draw, number)


def drawn(real: NDArray[np.int8], model: SyntheticModel, seed: int, length: int) -> Documents:
    """So many documents: the real ones, and what a model draws from a seed."""
    return Documents(real, length, DrawnAhead(partial(draw_block, model, seed)))
