"""Every choice of a sweep, with what it is expected to give in a collection of another size.

Two answers are kept apart. ``evidence`` is what the pairs that were counted prove: the precision at
the upper limit of the rate of wrong pairs and the lower limit of recall. ``model`` continues the
rate to cutoffs beyond what was counted by a fitted tail (`bench.evaluate.wrong_pairs`): an
extrapolation, however narrow its interval. Where a cutoff lies before the tail, its own count of
wrong pairs is the rate of both.
"""

import numpy as np
import pandas as pd

from bench.advise.question import Question
from bench.evaluate.wrong_pairs import TAIL_PAIRS, expected_precision
from bench.index.variant import PARAMETERS

#: How sure it is that a choice reaches what is asked, the surest first.
GRADES = ("proven", "safe", "likely")
_KEY = ["variant", "ranking", "min_score", "cutoff"]


def choices(by_cutoff: pd.DataFrame, wrong_pairs: pd.DataFrame, question: Question) -> pd.DataFrame:
    """What each ranking and cutoff of each scheme is expected to give.

    Parameters
    ----------
    wrong_pairs : DataFrame
        The sweep's: ``variant, score, pairs``.

    Returns
    -------
    DataFrame
        The rows of `by_cutoff` with ``evidence_precision_low`` (bound by what was counted),
        ``model_precision`` with ``_low`` and ``_high``, ``model_rate`` with bounds,
        ``model_is_count`` (whether it is the counted one), ``candidates`` (documents a query is
        expected to have at the least score) and, for each of `GRADES`, whether it reaches what is
        asked: ``proven`` by the evidence; ``safe`` where the lower bounds of recall and of the
        model's precision do; ``likely`` where their values do. NaN where there is no model: too
        few wrong pairs were seen to fit one. Rows that need more candidates than may be fetched
        reach nothing.
    """
    counted = expected_precision(by_cutoff, question.images, question.match_share)
    table = by_cutoff.copy()
    table["evidence_precision_low"] = counted["precision_low"]
    is_count = by_cutoff["tail_rate"].isna() & (by_cutoff["wrong_pairs"] >= TAIL_PAIRS)
    table["model_is_count"] = is_count
    modelled = by_cutoff.copy()
    for end in ("rate", "low", "high"):
        own = "rate" if end == "rate" else f"rate_{end}"
        modelled[f"tail_{end}"] = by_cutoff[f"tail_{end}"].where(~is_count, by_cutoff[own])
        table[f"model_{end}" if end == "rate" else f"model_rate_{end}"] = modelled[f"tail_{end}"]
    found = expected_precision(modelled, question.images, question.match_share, rate="tail")
    for end in ("", "_low", "_high"):
        table[f"model_precision{end}"] = found[f"precision{end}"]
    table["candidates"] = _candidates(table, wrong_pairs, question.images)
    fetched = table["candidates"] <= question.candidates
    recalled = table["recall"] >= question.recall
    surely = table["recall_low"] >= question.recall
    table["proven"] = fetched & surely & (table["evidence_precision_low"] >= question.precision)
    table["safe"] = fetched & surely & (table["model_precision_low"] >= question.precision)
    table["likely"] = fetched & recalled & (table["model_precision"] >= question.precision)
    return table


def with_sizes(table: pd.DataFrame, sweep: pd.DataFrame, sizes: pd.DataFrame) -> pd.DataFrame:
    """Choices with the parameters of their scheme, and the size of what their ranking needs."""
    parameters = sweep[["variant", *PARAMETERS]].drop_duplicates("variant")
    joined = table.merge(parameters, on="variant", how="inner", validate="many_to_one")
    return joined.merge(sizes, on=["variant", "ranking"], how="inner", validate="many_to_one")


def smallest(table: pd.DataFrame, grade: str) -> pd.Series | None:
    """The choice of the fewest bytes among those of a grade, and of those the highest recall."""
    reached = table[table[grade]]
    if reached.empty:
        return None
    ordered = reached.assign(_recall=-reached["recall"]).sort_values(
        ["bytes_per_document", "_recall", *_KEY], kind="stable"
    )
    return ordered.iloc[0]


def nearest(table: pd.DataFrame, question: Question) -> pd.Series | None:
    """The choice that lacks least, by the model's values, of the fewest bytes among equals.

    What is lacking is the larger of two ratios: answers missed and pairs wrong, each over what the
    question allows. None where no choice has a model.
    """
    possible = table[
        table["model_precision"].notna() & (table["candidates"] <= question.candidates)
    ]
    if possible.empty:
        return None
    missed = (1 - possible["recall"]) / (1 - question.recall)
    wrong = (1 - possible["model_precision"]) / (1 - question.precision)
    lacking = np.maximum(missed, wrong)
    ordered = possible.assign(_lacking=lacking).sort_values(
        ["_lacking", "bytes_per_document", *_KEY], kind="stable"
    )
    return ordered.iloc[0]


def _candidates(table: pd.DataFrame, wrong_pairs: pd.DataFrame, images: int) -> pd.Series:
    """Documents of at least the least score that a query is expected to have in the collection."""
    ordered = wrong_pairs.sort_values(["variant", "score"])
    by_variant = ordered.groupby("variant", sort=False)["pairs"]
    beyond = ordered["pairs"] + by_variant.transform("sum") - by_variant.cumsum()
    share = beyond / by_variant.transform("sum")
    known = ordered.assign(share=share).set_index(["variant", "score"])["share"]
    wanted = pd.MultiIndex.from_frame(table[["variant", "min_score"]])
    return pd.Series(known.reindex(wanted).to_numpy() * images, index=table.index)
