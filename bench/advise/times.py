"""What a search takes in an index of any size, from searches that a scale run timed.

A search of words adds up postings, and one of vectors compares with each of them: either way its
time is a constant and a part in step with the documents of a shard, t = a + b·w. Both are fitted by
least squares of relative errors, neither below 0. Of an index that was timed, w is its documents;
of other words of the same kind of field, the postings that they touch, and the fit is over all
timed indices of that kind. One size cannot tell the constant: then all is in step.

That shards are searched side by side, each on a core of its own and as fast as alone, is assumed:
no run has shown it (`results/reference-nodes` has three shards, but two cores for all).

Intervals are those of medians in resamples of the queries, which were the same everywhere, widened
by the largest relative error of the fit itself, and outside of what was timed by `BEYOND`; a search
of less than was timed takes at most what the least did. They are of the machine that was measured.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import nnls

from bench.cost.searching import at_base
from bench.evaluate.bootstrap import percentile_interval
from bench.index.variant import Variant, source_of, variants_of
from bench.report.axes import where
from bench.runs.folder import RunFolder
from imgsig.layouts import get_layout

Floats = NDArray[np.float64]
#: Resamples of the queries, and their seed.
_RESAMPLES, _SEED = 500, 0
#: Relative error outside of what was timed: lines up to a million documents missed what was
#: measured at 8,316,821 by +15 % (bits) and -11 % (words), see docs/how-to/plan-a-cluster.md.
BEYOND = 0.15


@dataclass(frozen=True)
class Speed:
    """What a search takes: milliseconds at the median of one client, with the interval.

    `core_seconds` is what it occupies of cores where many clients search at once, all shards
    together. `of_a_shard` says how the time of one shard is known: ``measured`` at just that size,
    ``fitted`` where sizes from `smallest` to `largest` and as much work were timed, or
    ``extrapolated``; `work_over_timed` is its work over the most that was timed. `source` is the
    same for one shard, and ``assumed`` for several. With fewer cores than shards these are searched
    in `rounds`.
    """

    milliseconds: float
    low: float
    high: float
    core_seconds: float
    source: str
    of_a_shard: str
    smallest: int
    largest: int
    work_over_timed: float
    rounds: int = 1

    def in_rounds(self, rounds: int) -> "Speed":
        """The same where so many times as many shards are searched as there are cores."""
        value, low, high = (rounds * one for one in (self.milliseconds, self.low, self.high))
        return replace(self, milliseconds=value, low=low, high=high, rounds=rounds)


@dataclass(frozen=True)
class _Fit:
    """Lines through medians: of the value, and of each resample."""

    line: Floats
    drawn: Floats  # float64[b, 2]
    error: float  # largest relative error
    busy: Floats  # core seconds
    known: Mapping[int, tuple[float, float, float]]  # medians by documents, of an index
    sizes: tuple[int, int]  # fewest and most documents
    works: tuple[float, float]  # least and most

    def at(self, work: float, documents: int, shards: int) -> Speed:
        """A search of so much work in each of the shards."""
        (smallest, largest), (least, most) = self.sizes, self.works
        if documents in self.known and shards == 1:
            known, (value, low, high) = "measured", self.known[documents]
        else:
            timed = smallest <= documents <= largest and least <= work <= most
            known = "fitted" if timed else "extrapolated"
            error = self.error if timed else self.error + BEYOND
            value = float(self.line @ (1, work))
            low = percentile_interval(self.drawn @ (1.0, work), 0.95)[0] * (1 - error)
            high = percentile_interval(self.drawn @ (1.0, max(work, least)), 0.95)[1] * (1 + error)
        return Speed(
            milliseconds=value,
            low=float(low),
            high=float(high),
            core_seconds=shards * float(self.busy @ (1, work)),
            source=known if shards == 1 else "assumed",
            of_a_shard=known,
            smallest=smallest,
            largest=largest,
            work_over_timed=work / most,
        )


@dataclass(frozen=True)
class Times:
    """Fits of a scale run: of each index, and of words by the kind of their field."""

    indices: Mapping[str, _Fit]
    words: Mapping[str, _Fit]
    cores: int

    @classmethod
    def of(cls, scale: RunFolder) -> "Times":
        """Read a finished scale run; without any fit where it timed no searches."""
        manifest = scale.manifest()
        cores = int(manifest["machine"]["cores"])
        if "search_samples" not in manifest["tables"] or "postings" not in manifest["tables"]:
            return cls({}, {}, cores)
        samples, cost = at_base(scale.table("search_samples")), scale.table("search_cost")
        postings = scale.table("postings").set_index(["documents", "source"])
        touched = postings["postings_over_documents"]
        indices: dict[str, _Fit] = {}
        by_kind: dict[str, list[tuple[Variant, pd.DataFrame, pd.DataFrame]]] = {}
        for variant in variants_of(manifest["config"]):
            own = samples[samples["variant"] == variant.index_name]
            busiest = _busiest(cost, variant.index_name)
            if own.empty or busiest.empty:
                continue
            work = {size: float(size) for size in own["documents"].unique()}
            indices[variant.index_name] = _fit([(own, busiest, work)], cores)
            if kind := field_kind(variant.layout):
                by_kind.setdefault(kind, []).append((variant, own, busiest))
        words = {}
        for kind, timed in by_kind.items():
            every = [
                (own, busiest, {n: n * touched[n, source_of(one)] for n in own["documents"]})
                for one, own, busiest in timed
            ]
            words[kind] = replace(_fit(every, cores), known={})  # other words were not measured
        return cls(indices, words, cores)

    def speed(self, row: Mapping[str, Any], per_shard: int, shards: int) -> Speed | None:
        """What searches of a choice take; None where nothing like it was timed."""
        if row["variant"] in self.indices:
            return self.indices[row["variant"]].at(float(per_shard), per_shard, shards)
        fit = self.words.get(field_kind(row["layout"]))
        if fit is None or not row.get("postings", 0) > 0:
            return None
        return fit.at(per_shard * row["postings"], per_shard, shards)


def field_kind(layout: str) -> str:
    """How words are found: ``points`` of numbers, or ``terms``; nothing where there are none."""
    matcher = get_layout(layout).matcher
    if not matcher.counts_words:
        return ""
    return "terms" if getattr(matcher, "kind", "") == "keyword" else "points"


def _busiest(cost: pd.DataFrame, variant: str) -> pd.DataFrame:
    """Searches of most clients at once, all else as at the base, one row a size."""
    own = where(cost, variant=variant, clock="latency")
    return at_base(own, clients=int(own["clients"].max())) if len(own) else own


def _fit(
    timed: Sequence[tuple[pd.DataFrame, pd.DataFrame, Mapping[int, float]]], cores: int
) -> _Fit:
    """Lines through the medians of one index at each size, or of several; work is by documents."""
    works, medians, drawn, busy_works, busy = [], [], [], [], []
    known: dict[int, tuple[float, float, float]] = {}
    for samples, busiest, work in timed:
        for documents in sorted(samples["documents"].unique().tolist()):
            own = where(samples, documents=documents)
            times = own.sort_values("query")["latency_ms"].to_numpy(np.float64)
            chosen = np.random.default_rng(_SEED).integers(0, len(times), (_RESAMPLES, len(times)))
            resampled = np.median(times[chosen], axis=1)
            works.append(work[documents])
            medians.append(float(np.median(times)))
            drawn.append(resampled)
            low, high = percentile_interval(resampled, 0.95)
            known[documents] = (medians[-1], float(low), float(high))
        for row in busiest.to_dict("records"):
            busy_works.append(work[int(row["documents"])])
            # A search of one segment keeps about a core busy, so few clients leave some idle.
            busy.append(min(cores, int(row["clients"])) / float(row["throughput"]))
    line = _line(np.array(works), np.array(medians))
    fitted = np.column_stack((np.ones(len(works)), works)) @ line
    every = np.array(drawn).T
    return _Fit(
        line,
        np.array([_line(np.array(works), one) for one in every]),
        float(np.abs(fitted / medians - 1).max()),
        _line(np.array(busy_works), np.array(busy)),
        known,
        (min(known), max(known)),
        (float(min(works)), float(max(works))),
    )


def _line(work: Floats, values: Floats) -> Floats:
    """Constant and slope, neither below 0, of least relative errors."""
    largest = work.max()
    columns = np.column_stack((1 / values, work / largest / values))
    if np.ptp(work) == 0:
        columns[:, 0] = 0.0  # no constant
    solved: Floats = nnls(columns, np.ones(len(values)))[0]
    return solved / (1, largest)
