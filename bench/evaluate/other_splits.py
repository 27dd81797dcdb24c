"""What a tuned cutoff gives when the scenes are halved another way.

The run has one split, and intervals that resample the half on which a cutoff is tried hold the
cutoff itself fixed. How much the tuning adds is seen by doing all of it again on other halves.
"""

import numpy as np
import pandas as pd

from bench.evaluate.arrays import Bools, Floats, Integers
from bench.evaluate.rankings import Ranking
from datasets.queries import split_halves

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

    Returns
    -------
    float64[splits]
        NaN where no cutoff reaches the precision on the one half, or keeps nothing of the other.
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
