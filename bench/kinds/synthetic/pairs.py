"""How alike unrelated pairs of signatures are, down to the rare ones that are very alike.

Words that agree by chance are what a search at a large size finds too much of, so synthetic
documents must agree with each other, and with real ones, as often as real ones of different scenes
do: by words, long and short, by bits and by distance. All pairs of a sample are counted, nothing is
estimated. The halves of the real scenes show how much that depends on what was photographed.
"""

from collections.abc import Callable, Mapping
from multiprocessing.pool import ThreadPool
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from joblib import cpu_count
from numba import njit
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bench.evaluate.rates import poisson_interval
from bench.kinds.synthetic.likeness import halves_of
from bench.search.exact.bits import packed
from bench.search.exact.kernels import differing_bits, equal_words
from bench.search.exact.unrelated import word_ranks
from imgsig import WordScheme
from imgsig.strips import get_strip

#: Signatures of each origin whose pairs are counted, the real ones evenly: 32 million pairs of each
#: origin, 64 million of real with synthetic ones, in some ten seconds of a core.
SAMPLE = 8_000
#: Words that are counted: those of image-match, and few short ones.
SCHEMES = {"score": WordScheme(), "score of 32 x 7": WordScheme(N=32, k=7)}
#: What counts as alike: at least so many equal words, at most so many of 272 bits that differ
#: (whether a value is above 0), a distance below this.
CUTOFFS: dict[str, tuple[float, ...]] = {
    "score": (2, 4, 8, 12, 16, 20),
    "score of 32 x 7": (8, 12, 16),
    "bits": (100, 90, 80, 70, 60),
    "distance": (0.55, 0.5, 0.45, 0.4, 0.35, 0.3),
}
#: Pairs that are counted: real ones within either half of the scenes and across them, and others.
ORIGINS = ("first half", "second half", "across halves", "synthetic", "real and synthetic")
REAL = ORIGINS[:3]
#: Bins of distance: hundredths.
_BINS = 100
_ROWS = 64


class Coded(NamedTuple):
    """Signatures as the loops compare them."""

    words: tuple[NDArray[np.uint16], ...]  # [m, N] a scheme: rank of the word at its position
    bits: NDArray[np.uint64]  # [m, 5]
    free: NDArray[np.float32]  # [m, 272]: the free values
    norms: NDArray[np.float64]  # [m]
    groups: NDArray[np.int64]  # [m]: pairs of a group are related, and left out; −1 is none
    halves: NDArray[np.int64]  # [m]


def count_pairs(
    real: NDArray[np.int8], groups: NDArray[np.str_], synthetic: NDArray[np.int8]
) -> pd.DataFrame:
    """Count unrelated pairs of samples of real and synthetic signatures, ``int8[m, length]`` each.

    `groups` is the scene of each real one. One row an origin (of `ORIGINS`), statistic and cutoff:
    how many pairs there are, and how many are as alike as the cutoff says.
    """
    chosen = np.unique(np.linspace(0, len(real) - 1, min(len(real), SAMPLE)).astype(np.intp))
    real, groups, synthetic = real[chosen], groups[chosen], synthetic[: len(chosen)]
    codes = [_ranks(scheme, real, synthetic) for scheme in SCHEMES.values()]
    scenes = np.unique(groups, return_inverse=True)[1].astype(np.int64)
    own = _coded(real, [code[0] for code in codes], scenes, halves_of(groups))
    drawn = _coded(synthetic, [code[1] for code in codes])
    of_real, of_synthetic, of_both = _count(own, own), _count(drawn, drawn), _count(own, drawn)
    counted = [[table[part] for table in of_real] for part in range(3)]
    counted += [[table.sum(axis=0) for table in tables] for tables in (of_synthetic, of_both)]
    rows = [
        (origin, statistic, cutoff, int(table.sum()), _alike(statistic, cutoff, table))
        for origin, tables in zip(ORIGINS, counted, strict=True)
        for (statistic, cutoffs), table in zip(CUTOFFS.items(), tables, strict=True)
        for cutoff in cutoffs
    ]
    return pd.DataFrame(rows, columns=["origin", "statistic", "cutoff", "pairs", "alike"])


def _ranks(
    scheme: WordScheme, real: NDArray[np.int8], synthetic: NDArray[np.int8]
) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Words as their rank among all at their position: a quarter of the bytes to compare."""
    ranked = word_ranks(scheme, np.concatenate([real, synthetic])).astype(np.uint16)
    return ranked[: len(real)].copy(), ranked[len(real) :].copy()


def _coded(
    signatures: NDArray[np.int8],
    words: list[NDArray[np.uint16]],
    groups: NDArray[np.int64] | None = None,
    halves: NDArray[np.int64] | None = None,
) -> Coded:
    free = signatures[:, get_strip("half").kept].astype(np.float32)
    return Coded(
        words=tuple(words),
        bits=packed(free > 0),
        free=free,
        norms=np.sqrt((free.astype(np.float64) ** 2).sum(axis=1)),
        groups=np.full(len(free), -1, dtype=np.int64) if groups is None else groups,
        halves=np.zeros(len(free), dtype=np.int64) if halves is None else halves,
    )


def _alike(statistic: str, cutoff: float, histogram: NDArray[np.int64]) -> int:
    if statistic == "distance":
        return int(histogram[: round(cutoff * _BINS)].sum())
    if statistic == "bits":
        return int(histogram[: int(cutoff) + 1].sum())
    return int(histogram[int(cutoff) :].sum())


def _count(a: Coded, b: Coded) -> list[NDArray[np.int64]]:
    """Histograms of each statistic, ``int64[3, bins]``: within either half, and across."""
    same = a is b

    def part(start: int) -> list[NDArray[np.int64]]:
        first = start + 1 if same else 0
        products = a.free[start : start + _ROWS] @ b.free[first:].T
        sizes = *(words.shape[1] + 1 for words in a.words), a.free.shape[1] + 1, _BINS + 1
        tables = [np.zeros((3, size), dtype=np.int64) for size in sizes]
        _compare(products, start, first, same, *_flat(a), *_flat(b), *tables)
        return tables

    with threadpool_limits(1), ThreadPool(cpu_count()) as pool:
        parts = pool.map(part, range(0, len(a.free), _ROWS), chunksize=1)
    return [np.sum(tables, axis=0) for tables in zip(*parts, strict=True)]


def _flat(coded: Coded) -> tuple[Any, ...]:
    return *coded.words, coded.bits, coded.norms, coded.groups, coded.halves


_compiled: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(
    cache=True, nogil=True, error_model="numpy"
)


@_compiled
def _compare(
    products: NDArray[np.float32],
    start: int,
    first: int,
    same: bool,
    words_a: NDArray[np.uint16],
    short_a: NDArray[np.uint16],
    bits_a: NDArray[np.uint64],
    norms_a: NDArray[np.float64],
    groups_a: NDArray[np.int64],
    halves_a: NDArray[np.int64],
    words_b: NDArray[np.uint16],
    short_b: NDArray[np.uint16],
    bits_b: NDArray[np.uint64],
    norms_b: NDArray[np.float64],
    groups_b: NDArray[np.int64],
    halves_b: NDArray[np.int64],
    scores: NDArray[np.int64],
    short_scores: NDArray[np.int64],
    bits: NDArray[np.int64],
    distances: NDArray[np.int64],
) -> None:
    """Add the pairs of ``[rows, columns]`` products to the histograms; of a pair, once."""
    for row in range(products.shape[0]):
        i = start + row
        for column in range(row if same else 0, products.shape[1]):
            j = first + column
            if groups_a[i] >= 0 and groups_a[i] == groups_b[j]:
                continue
            part = halves_a[i] if halves_a[i] == halves_b[j] else 2
            scores[part, equal_words(words_a[i], words_b[j])] += 1
            short_scores[part, equal_words(short_a[i], short_b[j])] += 1
            bits[part, differing_bits(bits_a[i], bits_b[j])] += 1
            total = norms_a[i] + norms_b[j]
            square = norms_a[i] ** 2 + norms_b[j] ** 2 - 2 * products[row, column]
            # 0/0 counts as 1; a millionth keeps what rounding takes from a full hundredth.
            apart = np.sqrt(max(square, 0.0)) / total if total > 0 else 1.0
            distances[part, min(int(apart * _BINS + 1e-6), _BINS)] += 1


class _Alike(NamedTuple):
    """How many pairs there are, and how many of them are alike."""

    pairs: int
    alike: int

    @property
    def share(self) -> float:
        return self.alike / self.pairs if self.pairs else float("nan")


def pairs_check(counted: pd.DataFrame, factors: Mapping[str, float]) -> pd.DataFrame:
    """Rows of the check from what `count_pairs` counted: shares of pairs, and whether they differ.

    A share may be the statistic's factor times that of the real pairs, or the real one so many
    times it: the tolerance is ``factor − 1``, of the larger over the smaller. One that is further
    off is not tolerated unless so few pairs were found that chance could do it: by the 95 %
    intervals of Poisson (Garwood, 1936) of both numbers.
    """
    rows = [
        _check_row(counted, origin, statistic, cutoff, factors[statistic])
        for statistic, cutoffs in CUTOFFS.items()
        for cutoff in cutoffs
        for origin in ORIGINS[3:]
    ]
    return pd.DataFrame(rows)


def _check_row(
    counted: pd.DataFrame, origin: str, statistic: str, cutoff: float, factor: float
) -> dict[str, object]:
    chosen = counted[(counted["statistic"] == statistic) & (counted["cutoff"] == cutoff)]
    own = {row["origin"]: _Alike(row["pairs"], row["alike"]) for row in chosen.to_dict("records")}
    parts = [own[name] for name in REAL]
    real = _Alike(sum(part.pairs for part in parts), sum(part.alike for part in parts))
    drawn = own[origin]
    return {
        "measure": f"{origin}, {_named(statistic, cutoff)}",
        "real": real.share,
        "synthetic": drawn.share,
        "difference": _ratio(drawn, real) - 1,
        "real_halves_difference": _ratio(parts[1], parts[0]) - 1,
        "tolerance": factor - 1,
        "ok": _tolerated(drawn, real, factor),
    }


def _named(statistic: str, cutoff: float) -> str:
    """What of the pairs is alike, in words.

    >>> _named("score", 8), _named("bits", 60), _named("distance", 0.3)
    ('score >= 8', '<= 60 bits differ', 'distance < 0.3')
    """
    if statistic == "distance":
        return f"distance < {cutoff:g}"
    return f"<= {cutoff:g} bits differ" if statistic == "bits" else f"{statistic} >= {cutoff:g}"


def _ratio(a: _Alike, b: _Alike) -> float:
    return a.share / b.share if b.alike else float("nan")


def _tolerated(drawn: _Alike, real: _Alike, factor: float) -> bool:
    """Whether shares this far apart may be those of shares within the factor."""
    if not drawn.pairs or not real.pairs:
        return True  # of too few signatures there are no unrelated pairs
    (low, high), (real_low, real_high) = (
        [end / own.pairs for end in poisson_interval(own.alike)] for own in (drawn, real)
    )
    return bool(low <= factor * real_high and factor * high >= real_low)
