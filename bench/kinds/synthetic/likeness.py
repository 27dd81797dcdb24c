"""How like the real documents the synthetic ones are: their words, and what is refused.

Words are compared position by position here, pairs of signatures in `bench.kinds.synthetic.pairs`.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.runs.errors import MeasurementError
from bench.search.exact.simulator import words_by_place
from imgsig import WordScheme

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
    of_real, of_synthetic = (
        word_statistics(words_by_place(scheme, signatures).T) for signatures in (real, synthetic)
    )
    part = halves_of(groups)
    size = np.bincount(part, minlength=2).min()  # both of equal size
    halves = [real[part == half][:size] for half in (0, 1)]
    of_halves = [word_statistics(words_by_place(scheme, half).T) for half in halves if size]
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


def halves_of(groups: NDArray[np.str_]) -> NDArray[np.int64]:
    """Which half, 0 or 1, each picture belongs to, so that no scene is in both: ``int64[m]``."""
    names, index, counts = np.unique(groups, return_inverse=True, return_counts=True)
    part = np.zeros(len(names), dtype=np.int64)
    filled = [0, 0]
    for group in np.argsort(-counts, kind="stable").tolist():  # the largest first, to the emptier
        part[group] = int(filled[1] < filled[0])
        filled[part[group]] += int(counts[group])
    return part[index]


def check_row(measure: str, real: float, synthetic: float, tolerance: float) -> dict[str, object]:
    """One comparison: relative difference of synthetic from real, and whether it is tolerated.

    Where both are 0 there is none.

    >>> row = check_row("bytes", 100.0, 103.0, 0.02)
    >>> round(row["difference"], 6), row["ok"]
    (0.03, False)
    """
    difference = 0.0 if synthetic == real else synthetic / real - 1
    return {
        "measure": measure,
        "real": real,
        "synthetic": synthetic,
        "difference": difference,
        "real_halves_difference": float("nan"),
        "tolerance": tolerance,
        "ok": bool(abs(difference) <= tolerance),
    }


def _how_far(row: Any) -> str:
    if row.tolerance < 1:
        return f"{row.difference:+.1%}, tolerance {row.tolerance:.0%}"
    return (
        f"{row.difference + 1:.3g} times, tolerance {row.tolerance + 1:g} times or one in as many"
    )


def refuse_unlike(check: pd.DataFrame) -> None:
    """Refuse to measure sizes on synthetic documents that are not like the real ones."""
    off = [row for row in check.itertuples() if not row.ok]
    if off:
        named = "; ".join(
            f"{row.measure} {row.synthetic:.4g} instead of {row.real:.4g} ({_how_far(row)})"
            for row in off
        )
        raise MeasurementError(
            f"synthetic documents are not like the real ones: {named}. What is measured on "
            "them would not be of pictures; take more real documents to train on, or no "
            "size beyond their number"
        )
