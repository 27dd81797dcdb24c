"""Cutoffs tuned on one half of the scenes and tried on the other, and how far that can be trusted.

A run has one split of its scenes, and so one cutoff; another split would have given another. So the
intervals of what a tuned cutoff reaches are nested: each resample of groups is split anew, its
cutoff is tuned on what was drawn of the one half and tried on what was drawn of the other. A group
that was drawn twice is in one half with both its copies. The value is that of the run's own split,
which need not be the middle of the interval.

Scenes are put in halves in random order, the next always into the smaller one. A run makes halves
of as many photographs, of all scenes there are; a resample has only the scenes with queries, and
makes halves of as many queries.

The splits are `SPLITS` different ones, which the resamples use in turn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from bench.evaluate import measures
from bench.evaluate.arrays import Bools, Floats, Weights, sums
from bench.evaluate.bootstrap import Estimate
from bench.evaluate.estimates import cutoff_measures, threshold
from bench.evaluate.inputs import Queries
from bench.evaluate.pooled import last_precise, ratio
from bench.evaluate.sample import Sample
from bench.evaluate.settings import EvaluationSettings
from datasets.draw import split_halves

SPLITS = 200
_BLOCK = 1000


@dataclass(frozen=True)
class Halves:
    """How often each group is drawn into the half that tunes, and into the one that reports."""

    tune: Weights
    report: Weights


def split_resamples(weights: Weights, queries: Queries, seed: int) -> Halves:
    """Split every resample of groups in two halves of about as many queries."""
    rng = np.random.default_rng(seed)
    names = [f"{group:09}" for group in range(queries.n_groups)]
    counts = sums(queries.group, queries.n_groups).astype(np.int64).tolist()
    sizes = dict(zip(names, counts, strict=True))
    matched = sums(queries.group[queries.in_database], queries.n_groups) > 0
    held_out = {name for name, has_match in zip(names, matched, strict=True) if not has_match}
    splits = np.empty((min(SPLITS, max(1, len(weights))), queries.n_groups), dtype=np.bool_)
    for row in splits:
        halves = split_halves(sizes, held_out, rng)
        row[:] = [halves[name] == "tune" for name in names]
    tune = weights * splits[np.arange(len(weights)) % len(splits)]
    return Halves(tune, weights - tune)


@dataclass(frozen=True)
class Tuned:
    """The cutoff for a precision."""

    cutoff: float  # of the run's own split; NaN where none reaches the precision there
    #: float64[b]: the least goodness that it keeps in each resample; inf where there is none
    goodness: Floats


def tune(own: Sample, drawn: Sample, settings: EvaluationSettings) -> dict[str, Tuned]:
    """Tune cutoffs on the run's own half, and on what was drawn of all queries for tuning.

    By label of the precision.
    """
    levels = drawn.pool.goodness
    found = {label: np.full(len(drawn.weights), np.inf) for label in settings.precision_labels}
    for block, counts in drawn.pool.resampled(drawn.weights):
        for label, thousandths in settings.precision_labels.items():
            last = last_precise(counts, thousandths)
            rows = np.flatnonzero(last >= 0)
            found[label][block.start + rows] = levels[last[rows]]
    return {
        label: Tuned(threshold(own, thousandths), found[label])
        for label, thousandths in settings.precision_labels.items()
    }


def tried(drawn: Sample, tuned: Tuned) -> tuple[Floats, Floats]:
    """Precision and recall that the tuned cutoffs reach on what was drawn for reporting.

    ``float64[b]`` each: NaN where nothing is kept, or where there is no right answer.
    """
    levels = np.unique(tuned.goodness[np.isfinite(tuned.goodness)])[::-1]
    n_resamples = len(drawn.weights)
    right, kept, n_right = (np.zeros(n_resamples) for _ in range(3))
    # The first cutoff that keeps a hit; later ones are looser and keep it too.
    place = np.searchsorted(-levels, -drawn.goodness, side="left")
    cutoff = np.searchsorted(-levels, -tuned.goodness, side="left")
    group = drawn.group[drawn.hits.query]

    def count(chosen: Bools) -> csr_array:
        cells = place[chosen], group[chosen]
        shape = len(levels), drawn.n_groups
        return csr_array((np.ones(len(cells[0])), cells), shape=shape)

    inside = place < len(levels)
    all_kept, all_right = count(inside), count(inside & drawn.hits.right)
    for start in range(0, n_resamples, _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, n_resamples))
        weights = np.ascontiguousarray(drawn.weights[rows].T, dtype=np.float64)
        n_right[rows] = drawn.n_right @ weights
        some = np.flatnonzero(np.isfinite(tuned.goodness[rows]))
        at = cutoff[rows[some]], some
        right[rows[some]] = (all_right @ weights).cumsum(axis=0)[at]
        kept[rows[some]] = (all_kept @ weights).cumsum(axis=0)[at]
    return ratio(right, kept), ratio(right, n_right)


def held_out_measures(report: Sample, drawn: Sample, tuned: Mapping[str, Tuned]) -> list[Estimate]:
    """Return precision and recall of the report half at the tuned cutoffs, by their labels.

    Their resamples are of what was drawn for reporting, at the cutoff of each.
    """
    estimates = []
    for label, each in tuned.items():
        names = measures.HELD_OUT_PRECISION.of(label), measures.HELD_OUT_RECALL.of(label)
        own = cutoff_measures(report, names, each.cutoff)
        for estimate, samples in zip(own, tried(drawn, each), strict=True):
            nested = replace(estimate, samples=samples, is_binomial=False, drawn="nested")
            # A rate of 1 on this half needs no Wilson interval where other halves give less.
            if len(np.unique(samples[~np.isnan(samples)])) > 1:
                nested = replace(nested, is_rate=False, n_groups=drawn.n_groups)
            estimates.append(nested)
    return estimates
