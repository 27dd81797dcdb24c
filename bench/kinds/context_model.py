"""Training of the context codec's model: for the codec itself and for synthetic signatures."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import joblib
import numpy as np
from numpy.typing import NDArray
from rich.progress import Progress

from datasets.parallel import interrupts_held
from imgsig.codecs.context_geometry import edges
from imgsig.codecs.context_model import SATURATION, UNIT, VALUES, ContextModel, exponential_table
from imgsig.grid import Grid
from imgsig.strips import HalfStrip

#: For each direction: row step, column step and direction of edges already coded, those first that
#: had the largest weights in a network of all edges up to two rows and three columns before.
# fmt: off
NEIGHBORS = (
    (
        (0, -1, 3), (-1, 0, 0), (0, -1, 0), (-1, 1, 1),
        (-1, 0, 1), (0, -1, 1), (0, -1, 2), (-1, 1, 0),
        (-2, 0, 0), (-1, -1, 1), (0, -2, 0), (-2, 0, 1),
        (-1, 0, 3), (-1, -1, 0), (-1, 0, 2), (0, -2, 3),
    ),
    (
        (0, 0, 0), (0, -1, 3), (-1, 0, 1), (0, -1, 1),
        (0, -1, 0), (0, -2, 3), (0, -2, 1), (-1, 0, 2),
        (-1, 1, 1), (0, -3, 1), (-2, 0, 1), (0, -2, 0),
        (-1, 2, 1), (-1, -1, 1), (0, -1, 2), (-1, 0, 0),
    ),
    (
        (0, 0, 0), (0, 0, 1), (-1, 0, 1), (0, -1, 0),
        (0, -1, 3), (0, -1, 2), (-1, 0, 2), (0, -2, 3),
        (-1, -1, 3), (-1, -1, 0), (-1, 2, 1), (-1, 1, 1),
        (-1, 0, 0), (0, -1, 1), (0, -2, 0), (-1, -1, 1),
    ),
    (
        (0, 0, 0), (-1, 1, 1), (0, 0, 2), (-1, 1, 2),
        (0, -1, 3), (0, 0, 1), (-1, 0, 3), (-1, 1, 0),
        (-1, 0, 1), (-1, 0, 0), (-1, -1, 3), (-1, 2, 1),
        (-1, 2, 2), (-1, 0, 2), (0, -1, 0), (-2, 1, 1),
    ),
)
# fmt: on


#: Neighbours of each direction, and hidden units, of a model unless it is told otherwise.
COUNT, UNITS = 14, 24


class Guide(Protocol):
    """Further inputs of a network, that are not values coded before."""

    def at(self, rows: NDArray[np.intp], steps: NDArray[np.intp]) -> NDArray[np.float32]:
        """Of single values, by signature and step, ``intp[n]`` twice: ``float32[n, guides]``."""


def neighbors(count: int) -> list[NDArray[np.int8]]:
    """The first `count` neighbours of each direction, as ``int8[count, 3]``."""
    return [np.array(where[:count], dtype=np.int8) for where in NEIGHBORS]


#: Hidden units saturate at this.
CEILING = SATURATION / UNIT
BATCH = 4096


class Network(NamedTuple):
    """Weights of one direction, before they are rounded, as ``float32``.

    ``hidden`` is ``[inputs, units]``: four inputs for each neighbour, then those of the position,
    then guides, if there are any.
    ``output`` is ``[units, 5]``, ``output_bias`` ``[5]``.
    """

    hidden: NDArray[np.float32]
    output: NDArray[np.float32]
    output_bias: NDArray[np.float32]


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
    units: int,
    epochs: float,
    seed: int,
    guide: Guide | None = None,
) -> Network:
    """Fit a network to the values of one direction by Adam on the cross-entropy.

    Values are ``int8[m, 273]``: signatures in coding order, and a column of zeros for edges off the
    grid. Offsets are ``int8[count, 3]``: neighbouring edges looked at.
    """
    rng = np.random.default_rng([seed, way])
    steps = np.flatnonzero(edges().directions == way)
    context = edges().context(offsets, way)
    places = place_features(edges().points[steps])
    no_rows = np.empty(0, dtype=np.intp)
    n_guides = 0 if guide is None else guide.at(no_rows, no_rows).shape[1]
    n_inputs = 4 * len(offsets) + places.shape[1] + n_guides
    network = Network(
        rng.normal(0, n_inputs**-0.5, (n_inputs, units)).astype(np.float32),
        rng.normal(0, units**-0.5, (units, 5)).astype(np.float32),
        np.zeros(5, dtype=np.float32),
    )
    means = [np.zeros_like(w) for w in network]
    squares = [np.zeros_like(w) for w in network]
    n_batches = max(1, int(len(values) * len(steps) * epochs / BATCH))
    for batch in range(n_batches):
        row = rng.integers(0, len(values), BATCH)
        edge = rng.integers(0, len(steps), BATCH)
        x = inputs(values[row[:, np.newaxis], context[edge]], places[edge])
        if guide is not None:
            x = np.concatenate([x, guide.at(row, steps[edge])], axis=1)
        target = values[row, steps[edge]].astype(np.intp) + 2
        rate = 4e-3 * (1 - batch / n_batches) + 1e-5
        for layer, gradient in enumerate(gradients(network, x, target)):
            means[layer] += 0.1 * (gradient - means[layer])
            squares[layer] += 0.001 * (gradient**2 - squares[layer])
            spread = np.sqrt(squares[layer] / (1 - 0.999 ** (batch + 1))) + 1e-8
            step = (rate / (1 - 0.9 ** (batch + 1))) * means[layer] / spread
            np.subtract(network[layer], step, out=network[layer])
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


def rounded_model(networks: Sequence[Network], offsets: Sequence[NDArray[np.int8]]) -> ContextModel:
    """Round the weights of the four networks to multiples of 1 / `UNIT`."""
    where = edges()
    bias = np.zeros((len(where.order), networks[0].hidden.shape[1]))
    for way, (network, offset) in enumerate(zip(networks, offsets, strict=True)):
        steps = where.directions == way
        bias[steps] = place_features(where.points[steps]) @ network.hidden[4 * len(offset) :]
    return ContextModel(
        offsets=tuple(offsets),
        hidden=tuple(
            _whole(network.hidden[: 4 * len(offset)].T * UNIT, np.int16)
            for network, offset in zip(networks, offsets, strict=True)
        ),
        bias=_whole(bias * UNIT, np.int16),
        output=tuple(_whole(network.output.T * UNIT, np.int16) for network in networks),
        output_bias=tuple(_whole(network.output_bias * UNIT**2, np.int32) for network in networks),
        exponentials=exponential_table(),
    )


def _whole(values: NDArray[Any], dtype: type[np.int16] | type[np.int32]) -> NDArray[Any]:
    largest = np.abs(values).max()
    if largest > np.iinfo(dtype).max:
        raise OverflowError(f"a weight of {largest} does not fit {dtype.__name__}; train again")
    whole: NDArray[Any] = np.rint(values).astype(dtype)
    return whole


def coded_values(signatures: NDArray[np.int8]) -> NDArray[np.int8]:
    """Regular signatures in coding order, with a column of zeros: ``int8[m, 273]``."""
    values = HalfStrip(Grid()).keep(signatures)[:, edges().order]
    return np.pad(values, ((0, 0), (0, 1)))


def mirrored(signatures: NDArray[np.int8]) -> NDArray[np.int8]:
    """Signatures of the pictures with left and right exchanged."""
    points = signatures.reshape(-1, 9, 9, 8)
    return points[:, :, ::-1][..., [2, 1, 0, 4, 3, 7, 6, 5]].reshape(len(signatures), -1)


def train_model(
    signatures: NDArray[np.int8],
    *,
    count: int = COUNT,
    units: int = UNITS,
    epochs: float = 8.0,
    seed: int = 0,
    jobs: int = -1,
) -> ContextModel:
    """Train the four networks on regular signatures, ``int8[m, 648]``, and their mirror images."""
    values = coded_values(np.concatenate((signatures, mirrored(signatures))))
    offsets = neighbors(count)
    networks = train_networks(values, offsets, units=units, epochs=epochs, seed=seed, jobs=jobs)
    return rounded_model(networks, offsets)


def train_networks(
    values: NDArray[np.int8],
    offsets: Sequence[NDArray[np.int8]],
    *,
    units: int,
    epochs: float,
    seed: int,
    jobs: int,
    guide: Guide | None = None,
) -> list[Network]:
    """Train a network for each direction, side by side, see `train_network`."""

    def one(way: int) -> Network:
        return train_network(
            values, offsets[way], way, units=units, epochs=epochs, seed=seed, guide=guide
        )

    # One thread each: sums in a fixed order, so the same model every time.
    one_thread = joblib.parallel_config("loky", inner_max_num_threads=1)
    with one_thread, Progress() as progress:
        task = progress.add_task("training", total=len(offsets))
        networks = []
        with interrupts_held():
            parallel = joblib.Parallel(n_jobs=jobs, return_as="generator")
            trained = parallel(joblib.delayed(one)(way) for way in range(len(offsets)))
        for network in trained:
            networks.append(network)
            progress.advance(task)
    return networks
