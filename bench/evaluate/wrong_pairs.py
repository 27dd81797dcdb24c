"""Wrong pairs at each cutoff, and what a cutoff gives in a larger collection.

Each of the documents of a collection is one more chance for a query to meet a wrong document beyond
the cutoff. If the documents of a larger collection are like those of the sample, that chance stays
the same, and the wrong pairs of a query are proportional to the number of documents: log(wrong
pairs) = log(rate) + log(documents), a line of slope one. So ``rate`` is wrong pairs over queries
times documents. Documents of a query's own scene, which are neither right nor wrong, are counted as
chances too; they are a few in a hundred at most.

Under ``score`` the rate is that of the whole index where ``incomplete`` is 0. Elsewhere it is of
the K candidates the engine returned, and an upper bound of the rate in a larger collection searched
with the same K: a document among the K best of the larger one is among the K best of the smaller.

Intervals: Garwood's exact one for the rate, the rule of three where nothing was counted, Wilson's
for recall, all by group (`bench.evaluate.rates`). ``tail_rate`` continues the rate to cutoffs
beyond what was counted by a model (`bench.evaluate.tail`).
"""

import numpy as np
import pandas as pd

from bench.evaluate.arrays import Floats
from bench.evaluate.growth import may_lack_pairs
from bench.evaluate.queries import Queries
from bench.evaluate.rates import event_interval, rate_interval
from bench.evaluate.sample import Sample
from bench.evaluate.tail import fit_tail


def wrong_pairs(
    sample: Sample,
    queries: Queries,
    n_documents: int,
    cutoffs: Floats,
    last: Floats,
    confidence: float,
) -> list[dict[str, object]]:
    """Count wrong pairs and recall at each cutoff.

    Returns
    -------
    list of dict
        One a cutoff: ``cutoff``, ``queries`` (searched for), ``documents``, ``wrong_pairs``,
        ``exposures`` (queries times documents), ``rate`` (wrong pairs an exposure), ``rate_low``,
        ``rate_high``, ``tail_rate``, ``tail_low``, ``tail_high`` (NaN before the start of the
        tail, or where none could be fitted), ``incomplete`` (queries of which pairs may be
        missing), ``right_pairs``, ``right_answers``, ``recall``, ``recall_low``, ``recall_high``.
    """
    searched = sample.chosen & queries.signed
    exposure = sample.per_group(searched) * n_documents
    tail = fit_tail(sample, exposure, cutoffs)
    n_exposures, n_right = float(exposure.sum()), float(sample.n_right.sum())
    rows: list[dict[str, object]] = []
    for cutoff in cutoffs.tolist():
        right, wrong = sample.at_cutoff(cutoff)
        low, high = event_interval(wrong, exposure, confidence)
        recall_low, recall_high = rate_interval(right, sample.n_right, confidence)
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
                "right_answers": int(n_right),
                "recall": float(right.sum()) / n_right if n_right else float("nan"),
                "recall_low": recall_low,
                "recall_high": recall_high,
            }
        )
    return rows


def expected_precision(
    table: pd.DataFrame,
    documents: float,
    matches_per_query: float | None = None,
    rate: str = "rate",
) -> pd.DataFrame:
    """Return what each cutoff is expected to give in a collection of another size.

    Parameters
    ----------
    matches_per_query : float, optional
        Right answers a query has in the collection, on average. Precision depends on it: where few
        queries have a match, most of what is returned is wrong. Default: that of the sample.

    Returns
    -------
    DataFrame
        The table with ``wrong_per_query``, ``precision`` and ``recall``, the first two with
        ``_low`` and ``_high``. The bounds of the precision join the better ends, and the worse
        ends, of recall and rate, so they are cautious. Precision is NaN where nothing is expected
        to be returned. Where more wrong pairs a query are expected than the candidates a search
        fetches, right answers near the cutoff are crowded out, and recall is less than stated.

    Examples
    --------
    >>> row = {"queries": 100, "right_answers": 100, "recall": 0.8, "recall_low": 0.7,
    ...     "recall_high": 0.9, "rate": 1e-6, "rate_low": 0.0, "rate_high": 2e-6}
    >>> found = expected_precision(pd.DataFrame([row]), documents=200_000)
    >>> found[["wrong_per_query", "precision", "precision_high"]].iloc[0].round(3).tolist()
    [0.2, 0.8, 1.0]
    """
    if not documents > 0:
        raise ValueError(f"documents is {documents!r}; it must be above 0")
    if matches_per_query is not None and not matches_per_query > 0:
        raise ValueError(f"matches_per_query is {matches_per_query!r}; it must be above 0")
    if rate not in {"rate", "tail"}:
        raise ValueError(f"rate is {rate!r}; it must be 'rate' or 'tail'")
    middle, name = ("rate", "rate") if rate == "rate" else ("tail_rate", "tail")
    found = table.copy()
    matches = matches_per_query or table["right_answers"] / table["queries"]
    wrong = {
        "": table[middle] * documents,
        "_low": table[f"{name}_low"] * documents,
        "_high": table[f"{name}_high"] * documents,
    }
    for end, values in wrong.items():
        found[f"wrong_per_query{end}"] = values
    for end, opposite in (("", ""), ("_low", "_high"), ("_high", "_low")):
        right = table[f"recall{end}"] * matches
        returned = right + wrong[opposite]
        found[f"precision{end}"] = right / returned.where(returned > 0)
    return found
