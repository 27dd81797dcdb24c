"""Synthetic signatures: drawn from a model that was trained on real ones.

The model is that of the codec ``context``: how likely each free value is, given those before it.
Drawing each value by its likelihood is what decoding random bits with that codec would give, so a
synthetic signature is as far from the real ones as the codec's model is, and no real one is copied.
Synthetic signatures stand for pictures in questions of size alone. They have no edited copies, and
nothing is said about finding them.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bench.kinds.context_model import train_model
from bench.kinds.scale.drawing import Weights, draw_values
from bench.runs.errors import MeasurementError
from imgsig import Grid, WordScheme
from imgsig.codecs.context_geometry import edges
from imgsig.codecs.context_model import ContextModel
from imgsig.strips import HalfStrip

#: Signatures that training looks at, the same ones again where there are fewer: two passes over the
#: default pictures. Four times as many bring the words' entropy nearer by less than half a
#: hundredth.
SEEN = 50_000
#: Signatures drawn side by side.
BLOCK = 1024


def train_on(signatures: NDArray[np.int8], *, seen: int = SEEN, jobs: int = -1) -> ContextModel:
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
    with threadpool_limits(1):  # sums in a fixed order, as in the workers
        return train_model(regular, epochs=seen / len(regular), jobs=jobs)


def draw(model: ContextModel, count: int, seed: int = 0) -> NDArray[np.int8]:
    """Draw signatures from a model: ``int8[count, 648]``, each value the negative of its mirror."""
    weights = Weights.of(model)
    signatures = np.empty((count, Grid().length), dtype=np.int8)
    for number, start in enumerate(range(0, count, BLOCK)):
        signatures[start : start + BLOCK] = draw_block(weights, seed, number)[: count - start]
    return signatures


def draw_block(weights: Weights, seed: int, number: int) -> NDArray[np.int8]:
    """Draw a block of signatures, ``int8[BLOCK, 648]``, that depends on no other block."""
    values = draw_values(weights, np.random.default_rng([seed, number]), BLOCK)
    kept = np.empty((BLOCK, len(values)), dtype=np.int8)
    kept[:, edges().order] = values.T
    return HalfStrip(Grid()).restore(kept)


#: Statistics of a position's words, see `word_statistics`.
STATISTICS = ("distinct_words", "entropy_bits", "commonest_share", "once_share")


def word_statistics(words: NDArray[np.int64]) -> pd.DataFrame:
    """Statistics of each position's words, from ``int64[m, N]``.

    ``entropy_bits`` is of the observed frequencies, ``commonest_share`` the share of documents that
    have the commonest word and ``once_share`` that of documents whose word no other has.
    """
    rows = []
    for position, column in enumerate(words.T):
        counts = np.unique(column, return_counts=True)[1]
        share = counts / len(words)
        entropy = -(share * np.log2(share)).sum()
        once = (counts == 1).sum() / len(words)
        rows.append((position, len(counts), entropy, share.max(), once))
    return pd.DataFrame(rows, columns=["position", *STATISTICS])


def compare_words(
    real: NDArray[np.int8],
    groups: NDArray[np.str_],
    synthetic: NDArray[np.int8],
    scheme: WordScheme,
    tolerance: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare synthetic with as many real signatures, ``int8[m, length]``, word by word.

    `groups` is the scene of each real one. The first table has one row a statistic: means over the
    positions, their relative difference, that of one half of the real ones from the other, split by
    scene, and whether it is within the tolerance. The second has one row a position and origin
    (``real`` or ``synthetic``): columns of `word_statistics`.
    """
    if len(real) != len(synthetic):
        raise MeasurementError(
            f"{len(real)} real and {len(synthetic)} synthetic signatures cannot be compared; draw "
            "as many as there are real ones"
        )

    def of(signatures: NDArray[np.int8]) -> pd.DataFrame:
        blocks = range(0, len(signatures), BLOCK)  # what words are made of takes much more
        words = [scheme.words(signatures[start : start + BLOCK]) for start in blocks]
        return word_statistics(np.concatenate(words))

    of_real, of_synthetic = of(real), of(synthetic)
    of_halves = [of(half) for half in _halves(real, groups) if len(half)]
    rows = []
    for name in STATISTICS:
        mean, other = of_real[name].mean(), of_synthetic[name].mean()
        between = float("nan")  # a single scene has no two halves
        if of_halves:
            between = of_halves[1][name].mean() / of_halves[0][name].mean() - 1
        rows.append(check_row(name, mean, other, tolerance) | {"real_halves_difference": between})
    positions = [
        table.assign(origin=origin)
        for origin, table in (("real", of_real), ("synthetic", of_synthetic))
    ]
    return pd.DataFrame(rows), pd.concat(positions, ignore_index=True)


def _halves(
    real: NDArray[np.int8], groups: NDArray[np.str_]
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Two samples of different scenes, of equal size: the smaller half's."""
    names, index, counts = np.unique(groups, return_inverse=True, return_counts=True)
    part = np.zeros(len(names), dtype=np.intp)
    filled = [0, 0]
    for group in np.argsort(-counts, kind="stable").tolist():  # the largest first, to the emptier
        part[group] = int(filled[1] < filled[0])
        filled[part[group]] += int(counts[group])
    size = min(filled)
    first, second = (real[part[index] == half][:size] for half in (0, 1))
    return first, second


def check_row(measure: str, real: float, synthetic: float, tolerance: float) -> dict[str, object]:
    """One comparison: relative difference of synthetic from real, and whether it is tolerated.

    >>> row = check_row("bytes", 100.0, 103.0, 0.02)
    >>> round(row["difference"], 6), row["ok"]
    (0.03, False)
    """
    difference = synthetic / real - 1
    return {
        "measure": measure,
        "real": real,
        "synthetic": synthetic,
        "difference": difference,
        "real_halves_difference": float("nan"),
        "tolerance": tolerance,
        "ok": bool(abs(difference) <= tolerance),
    }


def refuse_unlike(check: pd.DataFrame) -> None:
    """Refuse to measure sizes on synthetic documents that are not like the real ones."""
    off = [row for row in check.itertuples() if not row.ok]
    if off:
        named = "; ".join(
            f"{row.measure} {row.synthetic:.4g} instead of {row.real:.4g} "
            f"({row.difference:+.1%}, tolerance {row.tolerance:.0%})"
            for row in off
        )
        raise MeasurementError(
            f"synthetic documents are not like the real ones: {named}. Sizes measured on them "
            "would not be those of pictures; take more real documents to train on, or no "
            "size beyond their number"
        )
