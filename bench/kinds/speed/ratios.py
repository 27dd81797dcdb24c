"""How many times as fast: ratios of medians over several files, and their intervals."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.evaluate.bootstrap import percentile_interval
from bench.kinds.speed.config import BESIDE, Goal, Speed

Seconds = NDArray[np.float64]

#: Spread of a tool's times over its repetitions, relative to the median, above which the table says
#: that the machine was not quiet. pyperf warns of a standard deviation above 10 % of the mean
#: (https://pyperf.readthedocs.io/en/latest/run_benchmark.html).
UNSTABLE = 0.1


def speed_ratio(slow: Seconds, fast: Seconds) -> float:
    """How many times as fast: the mean over files of the ratio of medians over repetitions.

    Both are ``float64[files, repetitions]`` seconds.
    """
    ratios = np.median(slow, axis=-1) / np.median(fast, axis=-1)
    return float(np.exp(np.log(ratios).mean(axis=-1)))


def ratio_interval(
    slow: Seconds, fast: Seconds, *, resamples: int, confidence: float, seed: int
) -> tuple[float, float]:
    """Interval of `speed_ratio`: files are drawn, and of each drawn file repetitions, in pairs.

    Times of equal place were taken in the same turn.
    """
    rng = np.random.default_rng(seed)
    files, repetitions = slow.shape
    drawn = rng.integers(0, files, (resamples, files, 1))
    times = rng.integers(0, repetitions, (resamples, files, repetitions))
    ratios = np.median(slow[drawn, times], axis=-1) / np.median(fast[drawn, times], axis=-1)
    return percentile_interval(np.exp(np.log(ratios).mean(axis=-1)), confidence)


def spread(seconds: Seconds) -> float:
    """Half the range of the middle half of the times, relative to the median; the worst file's.

    >>> spread(np.array([[1, 2, 3, 4, 5.0], [2, 2, 2, 2, 2]]))
    0.3333333333333333
    """
    low, middle, high = np.percentile(seconds, [25, 50, 75], axis=-1)
    return float(((high - low) / 2 / middle).max())


def by_file(samples: pd.DataFrame, tool: str) -> Seconds:
    """Times of a tool, ``float64[files, repetitions]``, files in the order they were timed in."""
    own = samples[samples["tool"] == tool]
    table = own.pivot_table(index="file", columns="repetition", values="seconds", sort=False)
    return table.sort_index(axis=1).to_numpy(dtype=np.float64)


def summarize_goal(goal: Goal, samples: pd.DataFrame, speed: Speed) -> list[dict[str, object]]:
    """One row a tool of a goal, ours first.

    ``megapixels`` is the median of the files, ``milliseconds`` the median over the files of their
    medians, ``ratio`` how many times as fast as the first peer, ``wanted`` NaN where it is no goal.
    """
    first, present = BESIDE[goal.tool][0], set(samples["tool"])
    peer = by_file(samples, first)
    rows: list[dict[str, object]] = []
    for tool in (goal.tool, *BESIDE[goal.tool]):
        if tool not in present:
            continue
        own = by_file(samples, tool)
        ratio = speed_ratio(peer, own)
        low = high = ratio
        if tool != first:
            low, high = ratio_interval(peer, own, **speed.bootstrap.model_dump())
        wanted = goal.ratio if tool == goal.tool else None
        rows.append(
            {
                "goal": goal.title,
                "tool": tool,
                "files": own.shape[0],
                "repetitions": own.shape[1],
                "megapixels": float(samples.groupby("file")["megapixels"].first().median()),
                "milliseconds": float(np.median(np.median(own, axis=1))) * 1e3,
                "ratio": ratio,
                "low": low,
                "high": high,
                "wanted": float("nan") if wanted is None else wanted,
                "met": met(wanted, ratio, low),
                "spread": spread(own),
                "unstable": spread(own) > UNSTABLE,
            }
        )
    return rows


def met(wanted: float | None, ratio: float, low: float) -> str:
    """Whether a goal is met, and whether the whole interval meets it too.

    >>> met(3.5, 3.8, 3.6), met(3.5, 3.8, 3.4), met(3.5, 3.4, 3.3), met(None, 4.0, 3.0)
    ('yes', 'yes, not certain', 'no', '')
    """
    if wanted is None:
        return ""
    if ratio < wanted:
        return "no"
    return "yes" if low >= wanted else "yes, not certain"


def summarize_goals(speed: Speed, samples: pd.DataFrame) -> pd.DataFrame:
    """The table ``goals``: the rows of every goal, from the samples of all."""
    return pd.DataFrame(
        row
        for goal in speed.goals
        for row in summarize_goal(goal, samples[samples["goal"] == goal.title], speed)
    )
