"""Every choice that was measured, with what to expect of it in a collection of another size.

Two answers are kept apart. ``evidence`` is what the counted pairs prove: the precision at the upper
limit of the rate of wrong pairs and the lower limit of recall. ``model`` continues the rate to
cutoffs beyond what was counted with a fitted tail (`bench.evaluate.wrong_pairs`): an extrapolation,
however narrow its interval. Before the tail, the counted rate serves both. All limits are joint
ones (`bench.advise.bounds`).
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from bench.advise.bounds import Joint
from bench.advise.measured import MARGIN
from bench.advise.question import Question
from bench.evaluate.wrong_pairs import TAIL_PAIRS, expected_precision
from bench.index.variant import PARAMETERS

#: How certain it is that a choice reaches what is asked, most certain first.
GRADES = ("proven", "safe", "likely")
_KEY = ["variant", "ranking", "min_score", "cutoff"]


def choices(table: pd.DataFrame, question: Question) -> pd.DataFrame:
    """What to expect of each ranking and cutoff of each scheme or index.

    Rows are as of `bench.evaluate.wrong_pairs`, with ``candidates`` (documents that a query has to
    fetch) and ``least_documents`` (what fewer images are reckoned as). Their limits become joint
    ones of all rows, and they gain ``evidence_precision_low`` (bound by what was counted; NaN where
    nothing is), ``model_precision`` and ``model_rate`` with ``_low`` and ``_high`` (NaN where too
    few wrong pairs were seen to fit a model), ``model_is_count`` (whether the rate is the counted
    one) and, for each of `GRADES`, whether it reaches what is asked: ``proven`` by the evidence;
    ``safe`` where the lower bounds of recall and of the model's precision do; ``likely`` where
    their values do. Rows that need more candidates than may be fetched reach nothing.

    A margin's recall falls with the number of documents: the score that is taken off rises. Where
    there are more images than were searched it is ``recall_extrapolated``: its bound does not hold
    there, so no count bounds precision, and the row is likely at most. ``bounded`` are rows that
    would be safe if it did.
    """
    table = Joint(question.confidence, len(table)).of(table)
    images = table["least_documents"].clip(lower=question.images)
    counted = expected_precision(table, images, question.match_share)
    grown = (table["ranking"] == MARGIN) & (table["least_documents"] < question.images)
    table["recall_extrapolated"] = grown
    table["evidence_precision_low"] = counted["precision_low"].mask(grown)
    is_count = table["tail_rate"].isna() & (table["wrong_pairs"] >= TAIL_PAIRS)
    table["model_is_count"] = is_count
    for end in ("rate", "low", "high"):
        own = "rate" if end == "rate" else f"rate_{end}"
        table[f"tail_{end}"] = table[f"tail_{end}"].where(~is_count, table[own])
        table[f"model_{end}" if end == "rate" else f"model_rate_{end}"] = table[f"tail_{end}"]
    found = expected_precision(table, images, question.match_share, rate="tail")
    for end in ("", "_low", "_high"):
        table[f"model_precision{end}"] = found[f"precision{end}"]
    fetched = table["candidates"] <= question.candidates
    recalled = table["recall"] >= question.recall
    surely = fetched & (table["recall_low"] >= question.recall)
    table["bounded"] = surely & (table["model_precision_low"] >= question.precision)
    table["proven"] = surely & (table["evidence_precision_low"] >= question.precision)
    table["safe"] = table["bounded"] & ~grown
    table["likely"] = fetched & recalled & (table["model_precision"] >= question.precision)
    return table


def swept(
    by_cutoff: pd.DataFrame,
    wrong_pairs: pd.DataFrame,
    quality: pd.DataFrame,
    sizes: pd.DataFrame,
    images: int,
) -> pd.DataFrame:
    """Rows of a sweep for `choices`: with parameters, layout, size, candidates and postings.

    ``candidates`` are the documents that a query is expected to have at the least score, and
    ``postings`` those that it touches over documents, both from the scores of all its unrelated
    pairs (`wrong_pairs`: ``variant, score, pairs``).
    """
    parameters = quality[["variant", *PARAMETERS]].drop_duplicates("variant")
    table = by_cutoff.merge(parameters, on="variant", how="inner", validate="many_to_one")
    table = table.merge(sizes, on=["variant", "ranking"], how="inner", validate="many_to_one")
    table["candidates"] = _candidates(table, wrong_pairs, images)
    touched = wrong_pairs["score"] * wrong_pairs["pairs"]
    of_variant = wrong_pairs["variant"]
    postings = touched.groupby(of_variant).sum() / wrong_pairs["pairs"].groupby(of_variant).sum()
    table["postings"] = table["variant"].map(postings)
    return table.assign(least_documents=0)


def by_size(table: pd.DataFrame, grade: str) -> Iterator["pd.Series"]:
    """The choices of a grade, fewest bytes first; among equals, the highest recall.

    Of a scheme or index in a layout only the first is given: the others differ in their cutoff. One
    that is not safe just because its recall is extrapolated comes before those with more recall.
    """
    reached = table[table[grade]]
    only_grown = reached["bounded"] & reached["recall_extrapolated"]
    ordered = reached.assign(_later=~only_grown, _recall=-reached["recall"]).sort_values(
        ["bytes_per_document", "_later", "_recall", *_KEY], kind="stable"
    )
    for _, row in ordered.drop_duplicates(["variant", "layout"]).iterrows():
        yield row


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
