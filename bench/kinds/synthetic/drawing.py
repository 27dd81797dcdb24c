"""Drawing values from a context model, many signatures side by side.

It gives what `ContextModel.cumulative` says to the last bit, for sums of whole numbers are exact in
any order, in a third of the time: a value's weight is chosen where it is summed, so that no inputs
are laid out. The last steps keep their full precision, too: what spares a coder bits would be noise
here. `numba` compiles the loops when they are first called. Guides, see `Shapes`, are further
inputs.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from bench.kinds.synthetic.shape import PLACES
from imgsig.codecs.context_geometry import DIRECTIONS, edges
from imgsig.codecs.context_model import (
    PRECISION,
    SATURATION,
    STEPS_PER_NAT,
    UNIT,
    ContextModel,
)

#: Binary places of a logit, in units of 1 / `UNIT`², that the table of exponentials tells apart.
_SHIFT = (UNIT**2 // STEPS_PER_NAT).bit_length() - 1
#: Five are kept back, see `ContextModel.cumulative`.
_SHARED = 2**PRECISION - 5


class Weights(NamedTuple):
    """A model as the loops read it: of each step, then of each direction.

    Inputs that a direction does not have are steps off the grid, whose values stay 0.
    """

    contexts: NDArray[np.int64]  # [steps, inputs]: steps that are looked back at
    directions: NDArray[np.int64]  # [steps]
    bias: NDArray[np.int32]  # [steps, units]
    hidden: NDArray[np.int32]  # [directions, inputs, units, 4]: of the values −2, −1, 1 and 2
    output: NDArray[np.int32]  # [directions, 5, units]
    output_bias: NDArray[np.int32]  # [directions, 5]
    exponentials: NDArray[np.float32]
    guide: NDArray[np.int32]  # [directions, units, guides]

    @classmethod
    def of(cls, model: ContextModel, guide: NDArray[np.int16]) -> "Weights":
        """Those of a model, and of guides, ``int16[directions, units, guides]``."""
        where = edges()
        steps, units = model.bias.shape
        inputs = max(len(offsets) for offsets in model.offsets)
        contexts = np.full((steps, inputs), steps, dtype=np.int64)
        hidden = np.zeros((len(DIRECTIONS), inputs, units, 4), dtype=np.int32)
        for way, offsets in enumerate(model.offsets):
            own = where.directions == way
            contexts[own, : len(offsets)] = where.context(offsets, way)
            of_values = model.hidden[way].reshape(units, 4, len(offsets))
            hidden[way, : len(offsets)] = of_values.transpose(2, 0, 1)
        return cls(
            contexts=contexts,
            directions=where.directions.astype(np.int64),
            bias=model.bias.astype(np.int32),
            hidden=hidden,
            output=np.stack(model.output).astype(np.int32),
            output_bias=np.stack(model.output_bias).astype(np.int32),
            exponentials=model.exponentials.astype(np.float32),
            guide=guide.astype(np.int32),
        )


def draw_values(
    weights: Weights, guides: NDArray[np.int32], random: np.random.Generator
) -> NDArray[np.int8]:
    """Draw the free values of signatures, in coding order: ``int8[steps, count]``.

    Guides are ``int32[steps, guides, count]``, in units of 2^−`PLACES`, see `Shapes.guides`.
    """
    count = guides.shape[2]
    slots = random.integers(0, 2**PRECISION, (len(weights.bias), count), dtype=np.uint32)
    values = np.zeros((len(slots) + 1, count), dtype=np.int8)  # the last is off the grid
    _fill(values, slots, guides, *weights)
    return values[:-1]


_compiled: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(
    cache=True, nogil=True, error_model="numpy"
)


@_compiled
def _choose(
    values: NDArray[np.int8],
    slots: NDArray[np.uint32],
    logits: NDArray[np.int32],
    exponentials: NDArray[np.float32],
) -> None:
    """Choose each row's value, ``[rows]``, by where its slot falls among the shares of the five."""
    longest = np.int32(len(exponentials) - 1)
    for row in range(len(values)):
        best = logits[0, row]
        for value in range(1, 5):
            best = max(best, logits[value, row])
        total = np.float32(0)
        for value in range(5):
            total += exponentials[min((best - logits[value, row]) >> _SHIFT, longest)]
        share = np.float32(_SHARED) / total
        end, drawn = np.int64(0), np.int64(-2)
        for value in range(4):
            likely = exponentials[min((best - logits[value, row]) >> _SHIFT, longest)]
            end += np.int64(likely * share) + 1
            drawn += np.int64(slots[row] >= end)
        values[row] = drawn


@_compiled
def _fill(
    values: NDArray[np.int8],
    slots: NDArray[np.uint32],
    guides: NDArray[np.int32],
    contexts: NDArray[np.int64],
    directions: NDArray[np.int64],
    bias: NDArray[np.int32],
    hidden: NDArray[np.int32],
    output: NDArray[np.int32],
    output_bias: NDArray[np.int32],
    exponentials: NDArray[np.float32],
    guide: NDArray[np.int32],
) -> None:
    """Fill ``[steps + 1, rows]`` step by step: each loop over rows is one that vectorizes."""
    rows = values.shape[1]
    none, most = np.int32(0), np.int32(SATURATION)
    sums = np.empty(rows, dtype=np.int32)
    logits = np.empty((5, rows), dtype=np.int32)
    for step in range(len(slots)):
        way = directions[step]
        for value in range(5):
            logits[value, :] = output_bias[way, value]
        for unit in range(bias.shape[1]):
            sums[:] = bias[step, unit] << PLACES
            for number in range(guides.shape[1]):
                weight = guide[way, unit, number]
                told = guides[step, number]
                for row in range(rows):
                    sums[row] += weight * told[row]
            for row in range(rows):
                sums[row] >>= PLACES
            for place in range(contexts.shape[1]):
                near = values[contexts[step, place]]
                a, b, c, d = hidden[way, place, unit]
                for row in range(rows):
                    x = near[row]
                    sums[row] += (
                        (a if x == -2 else none)
                        + (b if x == -1 else none)
                        + (c if x == 1 else none)
                        + (d if x == 2 else none)
                    )
            for row in range(rows):
                sums[row] = min(max(sums[row], none), most)
            for value in range(5):
                weight = output[way, value, unit]
                for row in range(rows):
                    logits[value, row] += weight * sums[row]
        _choose(values[step], slots[step], logits, exponentials)
