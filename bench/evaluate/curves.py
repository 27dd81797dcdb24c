"""Precision and recall by cutoff, with pointwise intervals.

An interval is that of one point: of a hundred points of one curve some will lie outside theirs.
As for other rates, the interval is Wilson's, with the groups as its sample size, where the value
is 0 or 1 (`bench.evaluate.bootstrap`).
"""

import numpy as np

from bench.evaluate.arrays import Bools, Floats, Integers, sums
from bench.evaluate.bootstrap import percentile_intervals, wilson_interval
from bench.evaluate.pooled import ratio
from bench.evaluate.rankings import Ranking
from bench.evaluate.sample import Sample

_BLOCK_VALUES = 2**20  # numbers per array of resamples


def kept_by_group(
    values: Floats, group: Integers, n_groups: int, ranking: Ranking, cutoffs: Floats
) -> Floats:
    """Count the values each cutoff keeps, by group."""
    # The cutoffs before this place are at most the value, those from it on are above it.
    place = np.searchsorted(cutoffs, values, side="right")
    width = len(cutoffs) + 1
    by_place = sums(group * width + place, n_groups * width).reshape(n_groups, width)
    if ranking.higher_is_better:
        return by_place[:, ::-1].cumsum(axis=1)[:, -2::-1]
    return by_place.cumsum(axis=1)[:, :-1]


def curve(sample: Sample, cutoffs: Floats, confidence: float) -> dict[str, Floats | Integers]:
    """Return the curve of a sample over all cutoffs.

    Columns of `bench.evaluate.outputs.CURVES` from ``cutoff`` on. Bounds are NaN where there is no
    value, and where a value between 0 and 1 is of one group only.
    """
    hits = sample.hits
    group = sample.group[hits.query]
    right, wrong = (
        kept_by_group(
            sample.values[chosen], group[chosen], sample.n_groups, sample.ranking, cutoffs
        )
        for chosen in (hits.right, ~hits.right)
    )
    answers = np.broadcast_to(sample.n_right[:, None], right.shape)
    found: dict[str, Floats | Integers] = {
        "cutoff": cutoffs,
        "tp": right.sum(axis=0).astype(np.int64),
        "fp": wrong.sum(axis=0).astype(np.int64),
        "n_right": answers.sum(axis=0).astype(np.int64),
    }
    for name, whole in (("precision", right + wrong), ("recall", answers)):
        found[name] = ratio(right.sum(axis=0), whole.sum(axis=0))
        found[f"{name}_low"], found[f"{name}_high"] = _intervals(
            right, whole, sample.drawn, confidence
        )
    return found


def _intervals(
    part: Floats, whole: Floats, drawn: Floats, confidence: float
) -> tuple[Floats, Floats]:
    """Return the intervals of a ratio of sums over groups; part and whole are ``[groups, c]``."""
    # Many cutoffs next to each other keep the same pairs: each set is resampled once.
    is_new: Bools = np.ones(part.shape[1], dtype=np.bool_)
    is_new[1:] = (part[:, 1:] != part[:, :-1]).any(axis=0)
    is_new[1:] |= (whole[:, 1:] != whole[:, :-1]).any(axis=0)
    part, whole = part[:, is_new], whole[:, is_new]
    bounds = np.full((2, part.shape[1]), np.nan)
    value = ratio(part.sum(axis=0), whole.sum(axis=0))
    n_groups = (whole > 0).sum(axis=0)
    for place in np.flatnonzero((value == 0) | (value == 1)):
        successes = int(value[place] * n_groups[place])
        bounds[:, place] = wilson_interval(successes, int(n_groups[place]), confidence)
    resampled = np.flatnonzero((value > 0) & (value < 1) & (n_groups >= 2))
    rows = max(1, _BLOCK_VALUES // max(1, len(drawn)))
    for start in range(0, len(resampled), rows):
        block = resampled[start : start + rows]
        samples = ratio(part[:, block].T @ drawn.T, whole[:, block].T @ drawn.T)
        bounds[:, block] = percentile_intervals(samples, confidence)
    low, high = bounds[:, np.cumsum(is_new) - 1]
    return low, high
