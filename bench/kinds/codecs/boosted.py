"""Cross-entropy under gradient-boosted trees over many neighbours: slow, for the limit alone."""

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from bench.kinds.context_model.neighbors import neighbors
from imgsig.codecs.context_geometry import edges


def boosted(
    train: NDArray[np.int8],
    test: NDArray[np.int8],
    *,
    samples: int = 300_000,
    trees: int = 100,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Bits of each signature under boosted trees.

    Parameters
    ----------
    train, test : ndarray
        ``int8[m, 273]``: values in coding order and a column of zeros.

    Returns
    -------
    ndarray
        ``float64[m]``.
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


def _features(
    values: NDArray[np.int8],
    row: NDArray[np.intp],
    edge: NDArray[np.intp],
    context: NDArray[np.intp],
    steps: NDArray[np.intp],
) -> NDArray[np.int8]:
    """Neighbouring values, and the row and column of the grid point."""
    places = edges().points[steps][edge].astype(np.int8)
    return np.concatenate((values[row[:, np.newaxis], context[edge]], places), axis=1)
