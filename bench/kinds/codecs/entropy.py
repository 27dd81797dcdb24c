"""Cross-entropy of signatures under models of growing strength: how few bits could do.

All take values in coding order with a column of zeros, ``int8[m, 273]`` as `coded_values` gives
them, learn from some and return the bits that each of the others takes, ``float64[m]``.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.ensemble import HistGradientBoostingClassifier

from bench.kinds.context_model import neighbors
from imgsig.codecs.context_geometry import edges
from imgsig.codecs.context_model import PRECISIONS, VALUES, ContextModel

Values = NDArray[np.int8]
Bits = NDArray[np.float64]

#: Added to every count.
SMOOTHING = 0.5
#: Neighbours that form one context of a table: the first close the triangles.
TABLES = ((0, 1, 2), (0, 1, 3), (2, 3, 4), (0, 4, 5), (1, 6, 7), (5, 8, 9))


def order_0(train: Values, test: Values) -> Bits:
    """Bits of each signature if every value is drawn from one distribution."""
    counts = np.bincount(_symbols(train[:, :-1]).ravel(), minlength=5) + SMOOTHING
    bits: Bits = -np.log2(counts / counts.sum())[_symbols(test[:, :-1])].sum(axis=1)
    return bits


def order_1(train: Values, test: Values) -> Bits:
    """Bits of each signature if a value depends on the one coded just before it."""
    # The column of zeros stands before the first value.
    likely = _table(np.roll(train, 1, axis=1)[:, :-1, np.newaxis], train[:, :-1])
    before = _context(np.roll(test, 1, axis=1)[:, :-1, np.newaxis])
    bits: Bits = -np.log2(likely[before, _symbols(test[:, :-1])]).sum(axis=1)
    return bits


def triangle(train: Values, test: Values) -> Bits:
    """Bits of each signature if a value depends on four edges of the triangles it closes."""
    bits = np.zeros(len(test))
    for way, offsets in enumerate(neighbors(4)):
        steps = np.flatnonzero(edges().directions == way)
        context = edges().context(offsets, way)
        likely = _table(train[:, context], train[:, steps])
        bits -= np.log2(likely[_context(test[:, context]), _symbols(test[:, steps])]).sum(axis=1)
    return bits


def mixing(train: Values, test: Values) -> Bits:
    """Bits of each signature if the tables `TABLES` are mixed logistically.

    The likelihood of a value is proportional to the product of the tables' likelihoods, each raised
    to a weight that is fitted. Half of the signatures fill the tables, the other half the weights.
    """
    bits = np.zeros(len(test))
    half = len(train) // 2
    for way, offsets in enumerate(neighbors(10)):
        steps = np.flatnonzero(edges().directions == way)
        context = edges().context(offsets, way)

        def logs(
            values: Values, context: NDArray[np.intp] = context, steps: NDArray[np.intp] = steps
        ) -> NDArray[np.float64]:
            """Log-likelihoods by each table: ``float64[tables, m, edges, 5]``."""
            found = []
            for table in TABLES:
                where = context[:, list(table)]
                likely = _table(train[:half][:, where], train[:half][:, steps])
                found.append(np.log(likely[_context(values[:, where])]))
            return np.array(found)

        fitted = train[half:][:: max(1, half // 1000)]
        weights = _fit(logs(fitted), _symbols(fitted[:, steps]))
        bits += _mixed_bits(weights, logs(test), _symbols(test[:, steps])).sum(axis=1)
    return bits


def boosted(
    train: Values,
    test: Values,
    *,
    samples: int = 300_000,
    trees: int = 100,
    seed: int = 0,
) -> Bits:
    """Bits of each signature under gradient-boosted trees over 16 neighbours.

    Too slow for a codec: for the limit alone.
    """
    bits = np.zeros(len(test))
    rng = np.random.default_rng(seed)
    for way, offsets in enumerate(neighbors(16)):
        steps = np.flatnonzero(edges().directions == way)
        context = edges().context(offsets, way)
        row = rng.integers(0, len(train), samples)
        edge = rng.integers(0, len(steps), samples)
        model = HistGradientBoostingClassifier(
            max_iter=trees, learning_rate=0.15, max_leaf_nodes=31, random_state=seed
        )
        model.fit(
            _features(train, row, edge, context, steps), train[row, steps[edge]].astype(np.intp)
        )
        row, edge = (index.ravel() for index in np.indices((len(test), len(steps))))
        likely = model.predict_proba(_features(test, row, edge, context, steps))
        column = np.searchsorted(model.classes_, test[row, steps[edge]])
        value_bits = -np.log2(np.maximum(likely[np.arange(len(row)), column], 2.0**-16))
        bits += value_bits.reshape(len(test), -1).sum(axis=1)
    return bits


def context_model(model: ContextModel, test: Values) -> Bits:
    """Bits of each signature under a context model, as it is coded with."""
    planes = model.new_planes(len(test))
    planes[:, :-1] = VALUES[:, np.newaxis, np.newaxis] == test[:, :-1].T
    bits = np.zeros(len(test))
    columns = np.arange(len(test))
    for step, precision in enumerate(PRECISIONS):
        shares = np.diff(model.cumulative(step, planes).astype(np.int64), axis=0)
        bits += precision - np.log2(shares[_symbols(test[:, step]), columns])
    return bits


def _symbols(values: Values) -> NDArray[np.intp]:
    return values.astype(np.intp) + 2


def _context(neighboring: Values) -> NDArray[np.intp]:
    """Number of a combination of values along the last axis."""
    return _symbols(neighboring) @ 5 ** np.arange(neighboring.shape[-1])


def _table(neighboring: Values, values: Values) -> NDArray[np.float64]:
    """Likelihoods of the five values in each context: ``float64[contexts, 5]``."""
    n_contexts = 5 ** neighboring.shape[-1]
    joint = _context(neighboring) * 5 + _symbols(values)
    counts = np.bincount(joint.ravel(), minlength=5 * n_contexts).reshape(-1, 5) + SMOOTHING
    likely: NDArray[np.float64] = counts / counts.sum(axis=1, keepdims=True)
    return likely


def _mixed_bits(
    weights: NDArray[np.float64], logs: NDArray[np.float64], symbols: NDArray[np.intp]
) -> NDArray[np.float64]:
    mixed = np.tensordot(weights, logs, axes=1)
    mixed -= np.logaddexp.reduce(mixed, axis=-1, keepdims=True)
    chosen = np.take_along_axis(mixed, symbols[..., np.newaxis], axis=-1)[..., 0]
    bits: NDArray[np.float64] = -chosen / np.log(2)
    return bits


def _fit(logs: NDArray[np.float64], symbols: NDArray[np.intp]) -> NDArray[np.float64]:
    start = np.full(len(logs), 1 / len(logs))
    found = minimize(lambda w: _mixed_bits(w, logs, symbols).mean(), start, method="L-BFGS-B")
    weights: NDArray[np.float64] = found.x
    return weights


def _features(
    values: Values,
    row: NDArray[np.intp],
    edge: NDArray[np.intp],
    context: NDArray[np.intp],
    steps: NDArray[np.intp],
) -> Values:
    """Neighbouring values, and the row and column of the grid point."""
    places = edges().points[steps][edge].astype(np.int8)
    return np.concatenate((values[row[:, np.newaxis], context[edge]], places), axis=1)
