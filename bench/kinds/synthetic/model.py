"""Synthetic signatures: drawn from a model that was trained on real ones.

The model is that of the codec ``context``: how likely each free value is, given those before it,
and given the shape of one real signature, see `bench.kinds.synthetic.shape`. Of that signature it
knows some forty numbers out of 272; the values are drawn by their likelihoods, and no real one is
copied. Synthetic signatures stand for pictures in questions of size alone. They have no edited
copies, and nothing is said about finding them. How like the real ones they are is in
`bench.kinds.synthetic.likeness`.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bench.kinds.context_model import (
    COUNT,
    UNITS,
    Network,
    coded_values,
    mirrored,
    neighbors,
    rounded_model,
    train_networks,
)
from bench.kinds.synthetic.drawing import Weights, draw_values
from bench.kinds.synthetic.shape import GUIDES, Shapes
from bench.runs.errors import MeasurementError
from imgsig import Grid
from imgsig.codecs.context_geometry import edges
from imgsig.codecs.context_model import UNIT, ContextModel
from imgsig.strips import HalfStrip

#: Signatures that training looks at, the same ones again where there are fewer: two passes over the
#: default pictures.
SEEN = 50_000
#: Signatures drawn side by side.
BLOCK = 1024


@dataclass(frozen=True)
class SyntheticModel:
    """What signatures are drawn from: likelihoods of values, and the shapes that guide them."""

    context: ContextModel
    guide: NDArray[np.int16]  # [directions, units, guides]: weights, as `ContextModel` has them
    shapes: Shapes

    @cached_property
    def weights(self) -> Weights:
        """Weights as the loops read them."""
        return Weights.of(self.context, self.guide)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays by name, as a model's file has them."""
        return self.context.arrays() | {"guide": self.guide} | self.shapes.arrays()

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> "SyntheticModel":
        """Build from what `arrays` gave."""
        context, shapes = ContextModel.from_arrays(arrays), Shapes.from_arrays(arrays)
        return cls(context, arrays["guide"], shapes)


def train_on(signatures: NDArray[np.int8], *, seen: int = SEEN, jobs: int = -1) -> SyntheticModel:
    """Train a model on the signatures, ``int8[m, 648]``, that the synthetic ones are to be like.

    Those whose values do not mirror each other are left out.
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
    values, offsets = coded_values(np.concatenate((regular, mirrored(regular)))), neighbors(COUNT)
    with threadpool_limits(1):  # sums in a fixed order, as in the workers
        shapes = Shapes.of(values[:, :-1])
        networks = train_networks(
            values,
            offsets,
            units=UNITS,
            epochs=seen / len(regular),
            seed=0,
            jobs=jobs,
            guide=shapes,
        )
    guide = np.stack([np.rint(network.hidden[-GUIDES:].T * UNIT) for network in networks])
    unguided = [Network(each.hidden[:-GUIDES], *each[1:]) for each in networks]
    return SyntheticModel(rounded_model(unguided, offsets), guide.astype(np.int16), shapes)


def draw_block(model: SyntheticModel, seed: int, number: int) -> NDArray[np.int8]:
    """Draw a block of signatures, ``int8[BLOCK, 648]``, that depends on no other block."""
    random = np.random.default_rng([seed, number])
    rows = random.integers(0, len(model.shapes), BLOCK)
    with threadpool_limits(1):
        guides = model.shapes.guides(rows)
    values = draw_values(model.weights, guides, random)
    kept = np.empty((BLOCK, len(values)), dtype=np.int8)
    kept[:, edges().order] = values.T
    return HalfStrip(Grid()).restore(kept)
