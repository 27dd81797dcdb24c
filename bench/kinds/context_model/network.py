"""Training of one network of the context model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imgsig.codecs.context_geometry import edges
from imgsig.codecs.context_model import SATURATION, UNIT, VALUES

#: Hidden units saturate at this.
CEILING = SATURATION / UNIT
BATCH = 4096


@dataclass
class Network:
    """Weights of one direction, before they are rounded.

    Attributes
    ----------
    hidden : ndarray
        ``float32[inputs, units]``: four inputs for each neighbour, then those of the position.
    output : ndarray
        ``float32[units, 5]``.
    output_bias : ndarray
        ``float32[5]``.
    """

    hidden: NDArray[np.float32]
    output: NDArray[np.float32]
    output_bias: NDArray[np.float32]

    def weights(self) -> tuple[NDArray[np.float32], ...]:
        """All weights."""
        return self.hidden, self.output, self.output_bias


def place_features(points: NDArray[np.intp]) -> NDArray[np.float32]:
    """What a network knows of where an edge is: ``intp[m, 2]`` to ``float32[m, 9]``."""
    row, column = points[:, 0], points[:, 1]
    edge_cases = [row == 1, row == 0, column == 0, column == 1, column == 7, column == 8]
    features = [np.ones(len(points)), row / 4, column / 4, *edge_cases]
    return np.stack(features, axis=1).astype(np.float32)


def inputs(neighbors: NDArray[np.int8], places: NDArray[np.float32]) -> NDArray[np.float32]:
    """Inputs of a network: ``int8[m, count]`` neighbouring values, and where each edge is."""
    planes = [(neighbors == value).astype(np.float32) for value in VALUES]
    return np.concatenate([*planes, places], axis=1)


def train_network(
    values: NDArray[np.int8],
    offsets: NDArray[np.int8],
    way: int,
    *,
    units: int,
    epochs: float,
    seed: int,
) -> Network:
    """Fit a network to the values of one direction by Adam on the cross-entropy.

    Parameters
    ----------
    values : ndarray
        ``int8[m, 273]``: signatures in coding order, and a column of zeros for edges off the grid.
    offsets : ndarray
        ``int8[count, 3]``: neighbouring edges looked at.
    """
    rng = np.random.default_rng([seed, way])
    steps = np.flatnonzero(edges().directions == way)
    context = edges().context(offsets, way)
    places = place_features(edges().points[steps])
    n_inputs = 4 * len(offsets) + places.shape[1]
    network = Network(
        rng.normal(0, n_inputs**-0.5, (n_inputs, units)).astype(np.float32),
        rng.normal(0, units**-0.5, (units, 5)).astype(np.float32),
        np.zeros(5, dtype=np.float32),
    )
    means = [np.zeros_like(w) for w in network.weights()]
    squares = [np.zeros_like(w) for w in network.weights()]
    n_batches = max(1, int(len(values) * len(steps) * epochs / BATCH))
    for batch in range(n_batches):
        row = rng.integers(0, len(values), BATCH)
        edge = rng.integers(0, len(steps), BATCH)
        x = inputs(values[row[:, np.newaxis], context[edge]], places[edge])
        target = values[row, steps[edge]].astype(np.intp) + 2
        rate = 4e-3 * (1 - batch / n_batches) + 1e-5
        for layer, gradient in enumerate(gradients(network, x, target)):
            means[layer] += 0.1 * (gradient - means[layer])
            squares[layer] += 0.001 * (gradient**2 - squares[layer])
            spread = np.sqrt(squares[layer] / (1 - 0.999 ** (batch + 1))) + 1e-8
            step = (rate / (1 - 0.9 ** (batch + 1))) * means[layer] / spread
            np.subtract(network.weights()[layer], step, out=network.weights()[layer])
    return network


def gradients(
    network: Network, x: NDArray[np.float32], target: NDArray[np.intp]
) -> tuple[NDArray[np.float32], ...]:
    """Gradients of the mean cross-entropy (in nats) by each weight."""
    before = x @ network.hidden
    active = np.clip(before, 0, CEILING)
    error = likelihoods(network, active)
    error[np.arange(len(target)), target] -= 1
    error /= len(target)
    back = error @ network.output.T
    back *= (before > 0) & (before < CEILING)
    return x.T @ back, active.T @ error, error.sum(axis=0)


def likelihoods(network: Network, active: NDArray[np.float32]) -> NDArray[np.float32]:
    """Likelihoods of the five values, ``float32[m, 5]``, from active hidden units."""
    logits = active @ network.output + network.output_bias
    logits -= logits.max(axis=1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    return logits
