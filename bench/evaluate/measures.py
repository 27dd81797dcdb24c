"""The measures, with the names of the literature: each is one declaration in `MEASURES`.

A query may have several right answers (Holidays, UKBench). What is a mean over queries weighs
each query alike: average precision is over all its right answers, and recall@k is the share of
them among the first k, ``R@k`` of trec_eval and ir_measures, which cannot reach 1 where there are
more than k. What is pooled weighs each right answer alike. With one right answer a query,
``recall@k`` is the share of queries whose right answer is among the first k.

Recall is always over the right answers in the database, those of failed queries included: NaN
where there are none, 0 where nothing was found. Precision is over the pairs returned by all
queries, those without a right answer included. Where nothing is returned precision is NaN, not
1: a system that says nothing has made no claim, and a 1 would enter tables and plots as its
best. A tuned threshold that does not exist returns nothing.

What is not held out is measured on both halves together. Of a transform, the pool is the
queries made with it, those without a right answer included. The held-out measures of a
transform use the threshold tuned on all of them, since a user who does not know how a picture
was edited has one cutoff.

The interval of a held-out measure resamples the split and the tuning too,
`bench.evaluate.held_out`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial

from bench.evaluate import pooled, ties
from bench.evaluate.arrays import Floats

OfPool = Callable[[pooled.Counts, Collection[str]], dict[str, Floats]]
"""From the counts of pooled pairs and the wanted tie labels to the values of these."""

OfHits = Callable[[ties.Places], dict[str, Floats]]
"""From the places of right hits to what each adds to its query, by tie label."""

# Where a measure may be a headline: the summary and the sentences of a run, its table of
# differences, the table of layouts, the choice of bands of scores, that of words, the notebooks.
SUMMARY, SENTENCE, DIFFERENCES = "summary", "sentence", "differences"
LAYOUT_TABLE, BANDS, WORDS, NOTEBOOKS = "layouts", "bands", "words", "notebooks"


@dataclass(frozen=True)
class Measure:
    """A measure: its name, what it says, how it is computed, and where it is a headline.

    Parameters
    ----------
    name : str
        In the tables. ``{}`` stands for what is the run's: a precision, the number of hits it
        asked for, the cutoff it reports.
    says : str
        What it is, for the guide (reStructuredText).
    higher_is_better : bool, optional
        None where neither is, as of a cutoff.
    of_pool, of_hits : callable, optional
        How it is computed of the pooled pairs; or of the hits of each query, of which it is then
        the mean. Measures with neither are computed by `bench.evaluate.estimates`, which names
        them.
    at : float, optional
        The precision, or the rank, at which it is taken.
    is_rate : bool
        Whether a mean over queries is a share of cases, which Wilson's interval is for.
    fill : str
        What stands for ``{}`` where no run is at hand.
    words : str
        Its name in a sentence.
    for_readers : str
        What a page says of it to readers who have not met it; empty: it is on no page.
    shown : tuple of str
        Where it is a headline: what `headlines` is asked for.

    Examples
    --------
    >>> CANDIDATE_RECALL.of("100"), HELD_OUT_RECALL.headline
    ('candidate_recall@100', 'held_out_recall@P90')
    """

    name: str
    says: str
    higher_is_better: bool | None = True
    of_pool: OfPool | None = None
    of_hits: OfHits | None = None
    at: float | None = None
    is_rate: bool = True
    fill: str = ""
    words: str = ""
    for_readers: str = ""
    shown: tuple[str, ...] = ()

    def of(self, part: str) -> str:
        """Return the name with what is the run's."""
        return self.name.format(part)

    @property
    def headline(self) -> str:
        """The name where no run is at hand."""
        return self.of(self.fill)

    @property
    def of_query(self) -> str:
        """The name of the value that one query has: ``AP`` where the mean is ``mAP``."""
        return self.name.removeprefix("m")


def label(precision: float) -> str:
    """Return the label of a precision in the names of measures."""
    return f"P{100 * precision:g}"


def recall_at_precision(precision: float) -> Measure:
    """Return the recall at a precision, in whole thousandths."""
    thousandths = round(1000 * precision)

    def of_pool(counts: pooled.Counts, _orders: Collection[str]) -> dict[str, Floats]:
        return {ties.NONE: pooled.recall_at_precision(counts, thousandths)}

    return Measure(
        f"R@{label(precision)}",
        "largest recall at which pooled precision is still that high; 0 where no cutoff reaches it",
        of_pool=of_pool,
        at=precision,
    )


def recall_at_rank(rank: int) -> Measure:
    """Return the recall among the first hits of a query."""
    return Measure(
        f"recall@{rank}",
        "mean over queries of the share of right answers among the first so many",
        of_hits=partial(ties.chance_within, rank),
        at=rank,
    )


UAP = Measure(
    "uAP",
    "micro average precision, `bench.evaluate.pooled`",
    of_pool=pooled.micro_average_precision,
    words="micro average precision",
    for_readers="micro average precision: area under the precision–recall curve of all "
    "query–result pairs pooled, so a cutoff that fits one query must fit all",
    shown=(SUMMARY, SENTENCE, DIFFERENCES, LAYOUT_TABLE, BANDS, WORDS, NOTEBOOKS),
)
"""What indices and rankings are compared by first."""

RECALL_AT_90 = replace(
    recall_at_precision(0.90),
    words="recall at 90 % precision",
    for_readers="the largest recall that any cutoff reaches with at least 90 % precision",
    shown=(SUMMARY, SENTENCE, DIFFERENCES, BANDS, WORDS, NOTEBOOKS),
)
RECALL_AT_1 = replace(
    recall_at_rank(1),
    for_readers="share of edited copies whose original is ranked first; among equal scores the "
    "expected value of a random order",
    shown=(SUMMARY, DIFFERENCES, LAYOUT_TABLE, WORDS, NOTEBOOKS),
)
MEAN_AVERAGE_PRECISION = Measure(
    "mAP", "mean over queries of average precision", of_hits=ties.precision_at, is_rate=False
)
CANDIDATE_RECALL = Measure(
    "candidate_recall@{}",
    "mean over queries of the share of right answers among the K hits of the engine",
    fill="K",
    for_readers="share of edited copies whose original is among the fetched hits at all: no "
    "ranking can do better",
)
THRESHOLD = Measure(
    "threshold@{}",
    "the cutoff of the recall at that precision: usable as it is as `score_cutoff` (kept: >=) or "
    "`distance_cutoff` (kept: <); NaN where no cutoff reaches it. Of a ranking by score, then "
    "distance it is one number for both: the score less half the distance",
    higher_is_better=None,
    fill=label(0.90),
)
TUNED_THRESHOLD = Measure(
    "tuned_threshold@{}",
    "that cutoff of the tune half, all transforms together",
    higher_is_better=None,
    fill=label(0.90),
)
HELD_OUT_RECALL = Measure(
    "held_out_recall@{}",
    "recall of the report half at the tuned threshold",
    fill=label(0.90),
    for_readers="recall on one half of the scenes at the cutoff that gave 90 % precision on the "
    "other half; the interval is over other halves, each with the cutoff that it gives",
    shown=(SUMMARY,),
)
HELD_OUT_PRECISION = Measure(
    "held_out_precision@{}",
    "precision of the report half at the tuned threshold",
    fill=label(0.90),
    for_readers="precision there",
    shown=(SUMMARY,),
)
PRECISION_BELOW = Measure(
    "precision@distance<{}", "pooled precision at the reported distance cutoff", fill="c"
)
RECALL_BELOW = Measure(
    "recall@distance<{}", "pooled recall at the reported distance cutoff", fill="c"
)

MEASURES: tuple[Measure, ...] = (
    UAP,
    RECALL_AT_90,
    replace(recall_at_precision(0.99), shown=(NOTEBOOKS,)),
    recall_at_precision(0.999),
    RECALL_AT_1,
    recall_at_rank(10),
    MEAN_AVERAGE_PRECISION,
    CANDIDATE_RECALL,
    THRESHOLD,
    TUNED_THRESHOLD,
    HELD_OUT_RECALL,
    HELD_OUT_PRECISION,
    PRECISION_BELOW,
    RECALL_BELOW,
)
"""Every measure, in the order of summaries."""


def precisions(where: str = "") -> tuple[float, ...]:
    """Return the precisions of all measures of the pool, or of those that are a headline there."""
    shown = (each for each in MEASURES if each.of_pool and (not where or where in each.shown))
    return tuple(each.at for each in shown if each.at is not None)


def ranks() -> tuple[int, ...]:
    """Return the ranks of the measures of a query's hits."""
    return tuple(int(each.at) for each in MEASURES if each.of_hits and each.at is not None)


def headlines(where: str) -> tuple[str, ...]:
    """Return the names of the measures that are a headline somewhere."""
    return tuple(each.headline for each in MEASURES if where in each.shown)


def pool_measures(at: Collection[float]) -> dict[str, OfPool]:
    """Return how the measures of the pool are computed, those at a precision at these."""
    asked = [each for each in MEASURES if each.at is None]
    asked += [recall_at_precision(precision) for precision in at]
    return {each.name: each.of_pool for each in asked if each.of_pool}


def query_measures(at: Collection[int]) -> dict[str, OfHits]:
    """Return how the measures of a query's hits are computed, those at a rank at these."""
    asked = [each for each in MEASURES if each.at is None]
    asked += [recall_at_rank(rank) for rank in at]
    return {each.of_query: each.of_hits for each in asked if each.of_hits}
