"""Synthetic signatures: drawn from a model that was trained on real ones.

The model is that of the codec ``context``: how likely each free value is, given those before it.
Drawing each value by its likelihood is what decoding random bits with that codec would give, so a
synthetic signature is as far from the real ones as the codec's model is, and no real one is copied.
Synthetic signatures stand for pictures in questions of size alone. They have no edited copies, and
nothing is said about finding them.
"""

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bench.kinds.context_model.train import train_model
from bench.runs.errors import MeasurementError
from imgsig import Grid
from imgsig.codecs.context_geometry import edges
from imgsig.codecs.context_model import PRECISIONS, VALUES, ContextModel
from imgsig.strips import HalfStrip

#: Signatures that training looks at, the same ones again where there are fewer: two passes over the
#: default pictures. Four times as many bring the words' entropy nearer by less than half a
#: hundredth.
SEEN = 50_000
#: Signatures drawn side by side.
BLOCK = 1024


def train_on(signatures: NDArray[np.int8], *, seen: int = SEEN, jobs: int = -1) -> ContextModel:
    """Train a model on the signatures that the synthetic ones are to be like.

    Parameters
    ----------
    signatures : ndarray
        ``int8[m, 648]``; those whose values do not mirror each other are left out.
    """
    length = Grid().length
    if signatures.ndim != 2 or signatures.shape[1] != length:
        raise MeasurementError(
            f"synthetic signatures are made for {length} values; these have {signatures.shape}. "
            "Leave 'signature' out of the config, or take no more documents than there are "
            "pictures"
        )
    regular = signatures[HalfStrip(Grid()).is_regular(signatures)]
    if not len(regular):
        raise MeasurementError("no signature mirrors itself; there is nothing to train a model on")
    with threadpool_limits(1):  # sums in a fixed order, as in the workers
        return train_model(regular, epochs=seen / len(regular), jobs=jobs)


def draw(model: ContextModel, count: int, seed: int = 0) -> NDArray[np.int8]:
    """Draw signatures from a model.

    Returns
    -------
    ndarray
        ``int8[count, 648]``, in −2..2, each value the negative of its mirror.
    """
    half, order = HalfStrip(Grid()), edges().order
    signatures = np.empty((count, Grid().length), dtype=np.int8)
    for number, start in enumerate(range(0, count, BLOCK)):
        random = np.random.default_rng([seed, number])
        planes = model.new_planes(BLOCK)
        values = np.empty((len(order), BLOCK), dtype=np.int8)
        with threadpool_limits(1):  # products this small only wait for further threads
            for step, precision in enumerate(PRECISIONS):
                ends = model.cumulative(step, planes)
                slot = random.integers(0, 2**precision, BLOCK, dtype=np.uint32)
                values[step] = np.count_nonzero(slot >= ends[1:-1], axis=0) - 2
                planes[:, step] = values[step] == VALUES[:, np.newaxis]
        kept = np.empty((BLOCK, len(order)), dtype=np.int8)
        kept[:, order] = values.T
        signatures[start : start + BLOCK] = half.restore(kept)[: count - start]
    return signatures
