"""The cutoff for a wanted precision, and whether the sample can show that it keeps it.

A cutoff is tuned on one half of the queries and tried on the other: ``held_out_precision`` and
``held_out_recall`` of `bench.evaluate.measures`, with their intervals. Two questions follow, and
both are answered with Wilson's score interval over the kept pairs of the report half:

- Can so many pairs show the precision at all? With all n of them right the lower bound is
  n / (n + z²), so a precision P takes n >= z² P / (1 - P): 35 pairs for 0.90, 381 for 0.99 and
  3,838 for 0.999 at 95 %. These are ``pairs_needed``; it is the fewest there can be.
- Do they show it? The verdict of the interval by group, `bench.evaluate.rates`.

The run has one split, and intervals that resample the half on which a cutoff is tried hold the
cutoff itself fixed. How much the tuning adds is seen by doing all of it again on other halves of
the scenes: `other_splits`.
"""

import math

import numpy as np
import pandas as pd
from scipy.stats import norm

from bench.evaluate.arrays import Bools, Floats, Integers
from bench.evaluate.estimates import held_out_measures, threshold
from bench.evaluate.rankings import Ranking
from bench.evaluate.rates import rate_interval, verdict
from bench.evaluate.sample import Sample
from bench.evaluate.settings import EvaluationSettings
from datasets.draw import split_halves


def pairs_needed(thousandths: int, confidence: float) -> float:
    """Return the fewest kept pairs that can show a precision, all of them right."""
    if thousandths >= 1000:
        return math.inf
    z = float(norm.isf((1 - confidence) / 2))
    return 1.0 * math.ceil(z**2 * thousandths / (1000 - thousandths))


def tuned_cutoffs(
    tune: Sample, report: Sample, settings: EvaluationSettings
) -> list[dict[str, object]]:
    """Return the cutoff of each precision, as tuned on one half and tried on the other.

    Rows of `bench.evaluate.outputs.CUTOFFS` without the system. Intervals of held-out precision and
    recall are the bootstrap's.
    """
    rows: list[dict[str, object]] = []
    for label, thousandths in settings.precision_labels.items():
        cutoff = threshold(tune, thousandths)
        precision, recall = held_out_measures(report, {label: cutoff})
        right, wrong = report.at_cutoff(cutoff)
        n_kept = int((right + wrong).sum())
        low, high = rate_interval(right, right + wrong, settings.confidence)
        needed = pairs_needed(thousandths, settings.confidence)
        row: dict[str, object] = {"target": label, "precision": thousandths / 1000}
        row |= {"cutoff": cutoff, "kept": n_kept, "kept_right": int(right.sum())}
        row |= precision.columns("held_out_precision", settings.confidence)
        row |= recall.columns("held_out_recall", settings.confidence)
        row |= {"precision_wilson_low": low, "precision_wilson_high": high}
        row |= {"pairs_needed": needed, "can_be_shown": n_kept >= needed}
        row["verdict"] = verdict(low, high, thousandths / 1000, at_least=True)
        rows.append(row)
    return rows


SPLITS = 300


def other_splits(
    queries: pd.DataFrame,
    candidates: pd.DataFrame,
    ranking: Ranking,
    thousandths: int,
    *,
    splits: int = SPLITS,
    seed: int = 0,
) -> Floats:
    """Precision that the cutoff tuned on one half of the scenes reaches on the other.

    ``float64[splits]``; NaN where no cutoff reaches the precision on the one half, or keeps nothing
    of the other.
    """
    kept = candidates[candidates["relation"] != "ignored"]
    goodness = ranking.goodness(kept[ranking.name].to_numpy(dtype=np.float64))
    order = np.argsort(-goodness, kind="stable")
    right = (kept["relation"] == "right").to_numpy()[order]
    ends = np.flatnonzero(np.diff(goodness[order], append=np.nan) != 0)  # last of equal hits
    scenes = queries["group"].astype(str)
    group = pd.Series(scenes.to_numpy(), index=queries["query"]).reindex(kept["query"])
    names, code = np.unique(group.to_numpy(dtype=object)[order], return_inverse=True)
    photos = queries.groupby(scenes)["photo"].nunique()
    sizes = {str(name): int(count) for name, count in photos.items()}
    held_out = set(scenes) - set(scenes[queries["in_database"]])
    rng = np.random.default_rng(seed)
    precisions = []
    for _ in range(splits):
        halves = split_halves(sizes, held_out, rng)
        tune = np.array([halves[name] == "tune" for name in names], dtype=np.bool_)
        precisions.append(_reached(right, tune[code], ends, thousandths))
    return np.array(precisions)


def _reached(right: Bools, tune: Bools, ends: Integers, thousandths: int) -> float:
    found, kept = np.cumsum(right & tune)[ends], np.cumsum(tune)[ends]
    precise = np.flatnonzero((1000 * found >= thousandths * kept) & (kept > 0))
    if not len(precise):
        return float("nan")
    tried = right[: ends[precise[-1]] + 1][~tune[: ends[precise[-1]] + 1]]
    return float(tried.mean()) if len(tried) else float("nan")
