"""Wrong pairs at each cutoff, and what a cutoff gives in a larger collection.

Each of the documents of a collection is one more chance for a query to meet a wrong document beyond
the cutoff. If the documents of a larger collection are like those of the sample, that chance stays
the same, and the wrong pairs of a query are proportional to the number of documents: log(wrong
pairs) = log(rate) + log(documents), a line of slope one. So ``rate`` is wrong pairs over queries
times documents. Documents of a query's own scene, which are neither right nor wrong, are counted as
chances too; they are a few in a hundred at most.

All hits are counted, those too that a run's cutoffs of score or distance leave out. Under
``score`` the rate is that of the whole index where ``incomplete`` is 0. Elsewhere it is of
the K candidates the engine returned, and an upper bound of the rate in a larger collection searched
with the same K: a document among the K best of the larger one is among the K best of the smaller.

Intervals: Garwood's exact one for the rate, the rule of three where nothing was counted, Wilson's
for recall, all by group (`bench.evaluate.rates`).

At 20,000 documents and 1,000 queries a wrong pair that happens once in a billion does not show; in
a collection of a billion every query has one. Beyond the last wrong pairs that were counted,
``tail_rate`` continues the rate by a model: above a start, values of wrong pairs exceed it by an
exponentially distributed amount, so that the logarithm of their rate falls in a straight line with
the cutoff (the peaks-over-threshold model of Davison and Smith, "Models for Exceedances over High
Thresholds", JRSS B 52, 1990, with shape 0; for whole-numbered scores the geometric distribution).
Its one parameter, the mean excess, has a closed estimate, so that it is refitted in every resample
of groups; the interval holds what the sample leaves open, not whether the model is right. A tail
that is heavier, as where some queries are plainer than others, makes it too hopeful the further it
reaches.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bench.evaluate.arrays import Floats, sums
from bench.evaluate.bootstrap import percentile_interval
from bench.evaluate.growth import may_lack_pairs
from bench.evaluate.inputs import Queries
from bench.evaluate.rates import event_interval, share
from bench.evaluate.sample import Sample

TAIL_PAIRS = 100
"""The start is the tightest cutoff that still keeps so many wrong pairs."""

MOST_WRONG = 1e-3
"""Cutoffs of a higher rate tell no one anything: one wrong hit in a thousand documents."""


@dataclass(frozen=True)
class Tail:
    """A fitted tail."""

    start: float  # the cutoff from which on it holds, as goodness
    rate: float  # wrong pairs a chance for one at the start
    scale: float  # goodness over which the rate falls by a factor e
    #: float64[b]: both in each resample; NaN where no wrong pair beyond the start was drawn
    rates: Floats
    scales: Floats

    def rate_at(self, goodness: float, confidence: float) -> tuple[float, float, float]:
        """Return the rate at a cutoff with its percentile interval; NaN before the start."""
        excess = goodness - self.start
        if excess < 0:
            return float("nan"), float("nan"), float("nan")
        rate = self.rate * float(np.exp(-excess / self.scale))
        samples = self.rates * np.exp(-excess / self.scales)
        return rate, *percentile_interval(samples, confidence)


def fit_tail(sample: Sample, exposure: Floats, cutoffs: Floats) -> Tail | None:
    """Fit the tail of the wrong pairs."""
    wrong = ~sample.hits.right
    goodness = sample.goodness[wrong]
    group = sample.group[sample.hits.query[wrong]]
    if len(goodness) < TAIL_PAIRS:
        return None
    last = np.sort(goodness)[-TAIL_PAIRS]
    starts = sample.ranking.goodness(cutoffs)
    starts = starts[starts <= last]
    if not len(starts):
        return None
    start = float(starts.max())
    beyond = goodness >= start
    counts, excess = (
        sums(group[beyond], sample.n_groups, weights)
        for weights in (None, goodness[beyond] - start)
    )
    if not excess.sum():
        return None
    discrete = bool((goodness == np.round(goodness)).all())
    drawn = sample.drawn
    with np.errstate(divide="ignore", invalid="ignore"):  # a resample may draw none: NaN
        rates = (drawn @ counts) / (drawn @ exposure)
        scales = _scale((drawn @ excess) / (drawn @ counts), discrete)
    return Tail(
        start,
        float(counts.sum() / exposure.sum()),
        float(_scale(np.array([excess.sum() / counts.sum()]), discrete)[0]),
        rates,
        scales,
    )


def _scale(mean_excess: Floats, discrete: bool) -> Floats:
    """Return the e-folding length of a tail of this mean excess; NaN where that is 0."""
    positive = np.where(mean_excess > 0, mean_excess, np.nan)
    # Of a geometric distribution with mean m the share beyond x is (m / (1 + m))^x.
    return 1 / np.log1p(1 / positive) if discrete else positive


def wrong_pairs(
    sample: Sample,
    queries: Queries,
    n_documents: int,
    cutoffs: Floats,
    last: Floats,
    confidence: float,
) -> list[dict[str, object]]:
    """Count wrong pairs and recall at each cutoff.

    Rows of `bench.evaluate.outputs.WRONG_PAIRS` without the system. The rate of the tail is NaN
    before its start, or where none could be fitted.
    """
    searched = sample.chosen & queries.signed
    exposure = sample.per_group(searched) * n_documents
    tail = fit_tail(sample, exposure, cutoffs)
    n_exposures = float(exposure.sum())
    rows: list[dict[str, object]] = []
    for cutoff in cutoffs.tolist():
        right, wrong = sample.at_cutoff(cutoff)
        low, high = event_interval(wrong, exposure, confidence)
        recall = share(right, sample.n_right, confidence)
        tail_rate = tail_low = tail_high = float("nan")
        if tail is not None:
            goodness = float(sample.ranking.goodness(np.array([cutoff]))[0])
            tail_rate, tail_low, tail_high = tail.rate_at(goodness, confidence)
        lacking = searched & may_lack_pairs(sample.ranking, cutoff, last)
        rows.append(
            {
                "cutoff": cutoff,
                "queries": int(searched.sum()),
                "documents": n_documents,
                "wrong_pairs": int(wrong.sum()),
                "exposures": int(n_exposures),
                "rate": float(wrong.sum()) / n_exposures if n_exposures else float("nan"),
                "rate_low": low,
                "rate_high": high,
                "tail_rate": tail_rate,
                "tail_low": tail_low,
                "tail_high": tail_high,
                "incomplete": int(lacking.sum()),
                "right_pairs": int(right.sum()),
                "right_answers": recall["n"],
                "recall": recall["share"],
                "recall_low": recall["low"],
                "recall_high": recall["high"],
            }
        )
    return rows


def expected_precision(
    table: pd.DataFrame,
    documents: "float | pd.Series[Any]",
    matches_per_query: float | None = None,
    rate: str = "rate",
) -> pd.DataFrame:
    """Return what each cutoff is expected to give in a collection of another size.

    `documents` are one size, or one of each row.
    How many right answers a query has in the collection, on average, decides precision: where few
    queries have a match, most of what is returned is wrong. Without `matches_per_query` it is as in
    the sample. Added are ``wrong_per_query``, ``precision`` and their ``_low`` and ``_high``; the
    bounds of the precision join the better ends, and the worse ends, of recall and rate, so they
    are cautious. Precision is NaN where nothing is expected to be returned. Where more wrong pairs
    a query are expected than the candidates a search fetches, right answers near the cutoff are
    crowded out, and recall is less than stated.

    >>> row = {"queries": 100, "right_answers": 100, "recall": 0.8, "recall_low": 0.7,
    ...     "recall_high": 0.9, "rate": 1e-6, "rate_low": 0.0, "rate_high": 2e-6}
    >>> found = expected_precision(pd.DataFrame([row]), documents=200_000)
    >>> found[["wrong_per_query", "precision", "precision_high"]].iloc[0].round(3).tolist()
    [0.2, 0.8, 1.0]
    """
    if not np.all(np.asarray(documents) > 0):
        raise ValueError(f"documents is {documents!r}; it must be above 0")
    if matches_per_query is not None and not matches_per_query > 0:
        raise ValueError(f"matches_per_query is {matches_per_query!r}; it must be above 0")
    if rate not in {"rate", "tail"}:
        raise ValueError(f"rate is {rate!r}; it must be 'rate' or 'tail'")
    middle, name = ("rate", "rate") if rate == "rate" else ("tail_rate", "tail")
    found = table.copy()
    matches = matches_per_query or table["right_answers"] / table["queries"]
    rates = {"": middle, "_low": f"{name}_low", "_high": f"{name}_high"}
    wrong = {end: table[column] * documents for end, column in rates.items()}
    for end, values in wrong.items():
        found[f"wrong_per_query{end}"] = values
    for end, opposite in (("", ""), ("_low", "_high"), ("_high", "_low")):
        right = table[f"recall{end}"] * matches
        returned = right + wrong[opposite]
        found[f"precision{end}"] = right / returned.where(returned > 0)
    return found
