"""Every choice of a sweep, with what to expect of it in a collection of another size.

Two answers are kept apart. ``evidence`` is what the counted pairs prove: the precision at the upper
limit of the rate of wrong pairs and the lower limit of recall. ``model`` continues the rate to
cutoffs beyond what was counted with a fitted tail (`bench.evaluate.wrong_pairs`): an extrapolation,
however narrow its interval. Before the tail, the counted rate serves both.
"""

import numpy as np
import pandas as pd

from bench.advise.question import Question
from bench.evaluate.wrong_pairs import TAIL_PAIRS, expected_precision
from bench.index.variant import PARAMETERS

#: How certain it is that a choice reaches what is asked, most certain first.
GRADES = ("proven", "safe", "likely")
_KEY = ["variant", "ranking", "min_score", "cutoff"]


def choices(by_cutoff: pd.DataFrame, wrong_pairs: pd.DataFrame, question: Question) -> pd.DataFrame:
    """What to expect of each ranking and cutoff of each scheme.

    The rows of `by_cutoff` gain ``evidence_precision_low`` (bound by what was counted),
    ``model_precision`` and ``model_rate`` with ``_low`` and ``_high`` (NaN where too few wrong
    pairs were seen to fit a model), ``model_is_count`` (whether the rate is the counted one),
    ``candidates`` (documents that a query is expected to have at the least score, from
    `wrong_pairs`: ``variant, score, pairs``) and, for each of `GRADES`, whether it reaches what is
    asked: ``proven`` by the evidence; ``safe`` where the lower bounds of recall and of the model's
    precision do; ``likely`` where their values do. Rows that need more candidates than may be
    fetched reach nothing.
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
    """Choices with the parameters of their scheme, and the size that their ranking needs."""
    parameters = sweep[["variant", *PARAMETERS]].drop_duplicates("variant")
    joined = table.merge(parameters, on="variant", how="inner", validate="many_to_one")
    return joined.merge(sizes, on=["variant", "ranking"], how="inner", validate="many_to_one")


def smallest(table: pd.DataFrame, grade: str) -> pd.Series | None:
    """The choice of a grade with the fewest bytes; among equals, the highest recall."""
    reached = table[table[grade]]
    if reached.empty:
        return None
    ordered = reached.assign(_recall=-reached["recall"]).sort_values(
        ["bytes_per_document", "_recall", *_KEY], kind="stable"
    )
    return ordered.iloc[0]


def nearest(table: pd.DataFrame, question: Question) -> pd.Series | None:
    """The choice that lacks least, by the model's values; among equals, the fewest bytes.

    What it lacks is the larger of two ratios: answers missed and pairs wrong, each over what the
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
    """How many documents a query is expected to have at the least score, in the collection."""
    ordered = wrong_pairs.sort_values(["variant", "score"])
    by_variant = ordered.groupby("variant", sort=False)["pairs"]
    beyond = ordered["pairs"] + by_variant.transform("sum") - by_variant.cumsum()
    share = beyond / by_variant.transform("sum")
    known = ordered.assign(share=share).set_index(["variant", "score"])["share"]
    wanted = pd.MultiIndex.from_frame(table[["variant", "min_score"]])
    return pd.Series(known.reindex(wanted).to_numpy() * images, index=table.index)
