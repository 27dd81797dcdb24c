"""The context model: how likely each value is, given those already coded.

A network of one hidden layer for each of the four directions. Its inputs are which of the values
−2, −1, 1, 2 each neighbouring edge has; its outputs are the likelihoods of the five values.

Coding and decoding must agree to the last bit on every machine, so the model works in whole
numbers: inputs are 0 or 1, weights whole, and every sum stays below 2^24, where single-precision
products and sums are exact in any order. The exponential is a table in the model's file. What is
left are single divisions and multiplications, which IEEE 754 rounds alike everywhere. Only a linear
algebra library set to less than single precision would break this; the frozen forms of the tests
would show it.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from imgsig.codecs.context_geometry import DIRECTIONS, edges
from imgsig.errors import ConfigError

#: Likelihoods are whole multiples of 2^−16.
PRECISION = 16
#: Of each step: fewer bits for the last ones. They are coded first, while the coder's state is
#: still small, and would cost it up to as many bits.
PRECISIONS = tuple(min(PRECISION, 4 + (271 - step) // 2) for step in range(272))
#: Hidden units saturate here; a weight of `UNIT` adds 1 to a unit, or 1 nat to a logit's sum.
UNIT = 64
SATURATION = 8 * UNIT
#: Entries of the table of exponentials for each nat.
STEPS_PER_NAT = 128
#: Sums of whole numbers up to here are exact in single precision.
EXACT = 2**24
VALUES = np.array([-2, -1, 1, 2], dtype=np.int8)


@dataclass(frozen=True)
class ContextModel:
    """Whole-number weights of the four networks; `ConfigError` if their sums are not exact."""

    #: ``[count, 3]`` for each direction: neighbouring edges, see `imgsig.codecs.context_geometry`.
    offsets: tuple[NDArray[np.int8], ...]
    #: ``[units, 4 · count]``: all neighbours' inputs for −2, then for −1, 1 and 2.
    hidden: tuple[NDArray[np.int16], ...]
    bias: NDArray[np.int16]  # [272, units]: one for each step
    output: tuple[NDArray[np.int16], ...]  # [5, units]
    output_bias: tuple[NDArray[np.int32], ...]  # [5]
    exponentials: NDArray[np.uint32]  # as `exponential_table` makes them

    def __post_init__(self) -> None:
        for way in range(len(DIRECTIONS)):
            largest_hidden = np.abs(self.hidden[way].astype(np.int64)).sum(1).max()
            largest_bias = np.abs(self.bias.astype(np.int64)).max()
            output = np.abs(self.output[way].astype(np.int64)).sum(1) * SATURATION
            largest_output = (output + np.abs(self.output_bias[way].astype(np.int64))).max()
            if max(largest_hidden + largest_bias, largest_output) >= EXACT:
                raise ConfigError(f"weights of direction {way} are too large to be summed exactly")

    @cached_property
    def _layers(self) -> list[tuple[NDArray[np.float32], ...]]:
        biases = [bias[:, np.newaxis] for bias in self.output_bias]
        layers = zip(self.hidden, self.output, biases, strict=True)
        return [tuple(weights.astype(np.float32) for weights in layer) for layer in layers]

    @cached_property
    def _bias_columns(self) -> NDArray[np.float32]:
        return self.bias.astype(np.float32)[:, :, np.newaxis]

    @cached_property
    def _inputs(self) -> list[NDArray[np.intp]]:
        """Of each step, the rows of `new_planes` that are its inputs."""
        found: list[NDArray[np.intp]] = [np.empty(0, dtype=np.intp)] * len(edges().order)
        for way, offsets in enumerate(self.offsets):
            steps = np.flatnonzero(edges().directions == way)
            context = edges().context(offsets, way)
            for step, row in zip(steps.tolist(), context, strict=True):
                found[step] = np.concatenate([row + plane * 273 for plane in range(4)])
        return found

    @staticmethod
    def new_planes(m: int) -> NDArray[np.float32]:
        """Inputs of m signatures before anything is coded: ``float32[4, 273, m]`` of zeros.

        Plane i is 1 where a step's value is ``VALUES[i]``; the last row stays 0, for edges that are
        off the grid.
        """
        return np.zeros((4, len(edges().order) + 1, m), dtype=np.float32)

    def cumulative(self, step: int, planes: NDArray[np.float32]) -> NDArray[np.uint32]:
        """How likely each value is at a step, as shares of ``2 ** PRECISIONS[step]``.

        The planes are those of `new_planes`, filled for all steps before. Gives ``uint32[6, m]``:
        value i has what lies between rows i and i + 1, at least 1; the first row is 0 and the last
        ``2 ** PRECISIONS[step]``.
        """
        hidden, output, output_bias = self._layers[int(edges().directions[step])]
        units = hidden @ planes.reshape(-1, planes.shape[2]).take(self._inputs[step], axis=0)
        units += self._bias_columns[step]
        np.maximum(units, np.float32(0), out=units)
        np.minimum(units, np.float32(SATURATION), out=units)
        logits = output @ units
        logits += output_bias
        # Logits are in units of 1 / UNIT², so this is exact; then the fraction is cut off.
        below = np.maximum.reduce(logits, axis=0) - logits
        below *= np.float32(STEPS_PER_NAT / UNIT**2)
        np.minimum(below, np.float32(len(self.exponentials) - 1), out=below)
        likely = self._float_exponentials.take(below.astype(np.int32))
        # Five are kept back, so that rounding never takes the last value's own.
        likely *= np.float32(2**PRECISION - 5) / np.add.reduce(likely, axis=0)
        ends = np.empty((6, planes.shape[2]), dtype=np.uint32)
        ends[0] = 0
        ends[1:] = likely
        for value in range(1, 5):
            ends[value] += ends[value - 1]
            ends[value] += np.uint32(1)
        ends[5] = 2**PRECISION
        precision = PRECISIONS[step]
        if precision < PRECISION:
            ends *= np.uint32(2**precision - 5)
            ends >>= np.uint32(PRECISION)
            ends += np.arange(6, dtype=np.uint32)[:, np.newaxis]
        return ends

    @cached_property
    def _float_exponentials(self) -> NDArray[np.float32]:
        return self.exponentials.astype(np.float32)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All weights by name, as they are stored in the model's file."""
        named: dict[str, NDArray[Any]] = {"bias": self.bias, "exponentials": self.exponentials}
        for name in ("offsets", "hidden", "output", "output_bias"):
            for way, array in enumerate(getattr(self, name)):
                named[f"{name}_{way}"] = array
        return named

    @classmethod
    def from_arrays(cls, arrays: Any) -> "ContextModel":
        """Build from what `arrays` gave."""
        layers = {
            name: tuple(arrays[f"{name}_{way}"] for way in range(len(DIRECTIONS)))
            for name in ("offsets", "hidden", "output", "output_bias")
        }
        return cls(bias=arrays["bias"], exponentials=arrays["exponentials"], **layers)


def exponential_table() -> NDArray[np.uint32]:
    """2^16 · exp(−i / `STEPS_PER_NAT`), rounded, to the first 0; for those who make a model."""
    steps = np.arange(int(12.5 * STEPS_PER_NAT))
    table = np.rint(2**PRECISION * np.exp(-steps / STEPS_PER_NAT)).astype(np.uint32)
    shortest: NDArray[np.uint32] = table[: int(np.flatnonzero(table == 0)[0]) + 1]
    return shortest


def read_model(file: IO[bytes]) -> ContextModel:
    """Read a model's file."""
    with np.load(file, allow_pickle=False) as arrays:
        return ContextModel.from_arrays(dict(arrays))


@lru_cache
def load_model(name: str) -> ContextModel:
    """Read a model of the package."""
    with (resources.files("imgsig.codecs") / f"{name}.npz").open("rb") as file:
        return read_model(file)
