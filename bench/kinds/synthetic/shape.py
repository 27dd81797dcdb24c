"""What pictures show at large, which guides the drawing of synthetic signatures.

A context model looks back at a few neighbours, so what it draws agrees from point to point and
wanders over the picture. Real pictures do not: a wall that is lit from the left is so from top to
bottom, and two such walls have many equal words. Without a guide pairs of synthetic signatures are
as alike as pairs of real ones in the middle, and hardly ever very alike.

The guide is the shape of one real signature: its first principal components, of the values (where
it gets lighter or darker) and of their magnitudes (where anything happens at all), and two traits,
how much of it is 0 and how much the components leave open. They say roughly what each value is; the
context model, trained with them as further inputs, says the rest.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Principal components of the values, and of their magnitudes.
COMPONENTS = (24, 16)
#: Inputs of the context model: value and magnitude as the components have them, and two traits.
GUIDES = 4
#: Binary places of the guides that signatures are drawn by.
PLACES = 6


@dataclass(frozen=True)
class Shapes:
    """Shapes of m real signatures."""

    means: NDArray[np.float32]  # [2, steps]: of the values and of their magnitudes
    loadings: NDArray[np.float32]  # [steps, components]: those of the values, then of magnitudes
    scores: NDArray[np.float32]  # [m, components]
    traits: NDArray[np.float32]  # [m, 2]: share of zeros, times 4; what is left, root mean square

    @classmethod
    def of(cls, values: NDArray[np.int8]) -> "Shapes":
        """Those of ``int8[m, steps]``, the free values in coding order."""
        means, loadings, scores = [], [], []
        parts = values.astype(np.float32), np.abs(values).astype(np.float32)
        for part, count in zip(parts, COMPONENTS, strict=True):
            means.append(part.mean(axis=0))
            centred = part - means[-1]
            axes = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :count]
            loadings.append(axes)
            scores.append(centred @ axes)
        left = parts[0] - means[0] - scores[0] @ loadings[0].T
        traits = [4 * (values == 0).mean(axis=1), np.sqrt((left**2).mean(axis=1))]
        return cls(
            means=np.stack(means),
            loadings=np.concatenate(loadings, axis=1),
            scores=np.concatenate(scores, axis=1),
            traits=np.stack(traits, axis=1).astype(np.float32),
        )

    def __len__(self) -> int:
        return len(self.scores)

    def at(self, rows: NDArray[np.intp], steps: NDArray[np.intp]) -> NDArray[np.float32]:
        """Guides of single values, ``intp[n]`` twice: ``float32[n, GUIDES]``."""
        products = self.scores[rows] * self.loadings[steps]
        first = COMPONENTS[0]
        value = self.means[0, steps] + products[:, :first].sum(axis=1)
        magnitude = self.means[1, steps] + products[:, first:].sum(axis=1)
        return np.column_stack([value, magnitude, self.traits[rows]])

    def guides(self, rows: NDArray[np.intp]) -> NDArray[np.int32]:
        """Guides of whole signatures, in units of 2^−`PLACES`: ``int32[steps, GUIDES, n]``."""
        first = COMPONENTS[0]
        scores = self.scores[rows].T
        guides = np.empty((len(self.loadings), GUIDES, len(rows)), dtype=np.float32)
        guides[:, 0] = self.loadings[:, :first] @ scores[:first] + self.means[0][:, np.newaxis]
        guides[:, 1] = self.loadings[:, first:] @ scores[first:] + self.means[1][:, np.newaxis]
        guides[:, 2:] = self.traits[rows].T
        whole: NDArray[np.int32] = np.rint(guides * 2**PLACES).astype(np.int32)
        return whole

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays by name, as a model's file has them."""
        return {f"shapes_{name}": array for name, array in vars(self).items()}

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> "Shapes":
        """Build from what `arrays` gave."""
        return cls(**{name: arrays[f"shapes_{name}"] for name in cls.__dataclass_fields__})
