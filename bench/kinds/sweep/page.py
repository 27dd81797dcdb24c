"""The page of a sweep: which words to take, and what they buy."""

from collections.abc import Mapping
from typing import Any

from bench.evaluate.measures import UAP
from bench.report.drawing import RANKING_LABELS
from bench.report.finding import word
from bench.report.page import Listing
from bench.report.rounding import between, confidence, rounded
from bench.runs.folder import RunFolder

_FRONT = ["variant", "ranking", "value", "low", "high", "difference"]
_FRONT += ["bytes_per_document", "bytes_low", "bytes_high", "size_source"]


def sweep_verdict(folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
    """What a sweep says, in sentences, each with its figures and intervals.

    The smallest words that do as well as the reference, the best words of all, and what the engine
    confirmed.
    """
    table = folder.table("sweep")
    table = table[table["measure"] == UAP.name]
    reference = str(table["variant"].iloc[0])  # it comes first
    sentences = []
    for ranking, own in table.groupby("ranking", sort=False):
        at = own[own["variant"] == reference].iloc[0]
        label = RANKING_LABELS[str(ranking)]
        as_good = own[own["difference_low"] >= 0].sort_values("bytes_per_document", kind="stable")
        best = own.sort_values("value", ascending=False, kind="stable").iloc[0]
        ends = best["difference_low"], best["difference_high"]
        sentence = (
            f"Ranked by {label}, {reference} has a {UAP.name} of {rounded(at['value'])} "
            f"({between(at['low'], at['high'])}) at {rounded(at['bytes_per_document'], ',.0f')} "
            f"bytes a document; the best words, {best['variant']}, have {rounded(best['value'])} "
            f"(difference {between(*ends, '+.3f')}: {word(*ends, best['n'])}) at "
            f"{rounded(best['bytes_per_document'], ',.0f')}"
        )
        smaller = as_good[as_good["bytes_per_document"] < at["bytes_per_document"]]
        if len(smaller):
            cheap = smaller.iloc[0]
            sentence += (
                f"; the smallest words that are no worse, {cheap['variant']}, take "
                f"{rounded(cheap['bytes_per_document'], ',.0f')} ({cheap['size_source']})"
            )
        sentences.append(f"{sentence}.")
    confirmed = folder.table("confirmed")
    sentences.append(
        f"{manifest['schemes']:,} ways of taking words were simulated; the engine confirmed "
        f"{len(confirmed)} indices of them, every one of {manifest['verified_hits']:,} hits."
    )
    return sentences


def sweep_listings(folder: RunFolder) -> list[Listing]:
    """The tables of the page."""
    front = folder.table("pareto")
    sure = confidence(folder.config()["evaluation"])
    listings = [
        Listing(
            "What does each byte buy?",
            f"Words that no others beat in both bytes and {UAP.name}, without a signature. "
            "Difference: to image-match's words under the same ranking. Sizes that were not "
            f"measured are predicted from those that were, with a {sure} prediction interval.",
            front.loc[front["measure"] == UAP.name, _FRONT],
        ),
        Listing(
            "Are the predicted sizes right?",
            "Indices held out when the model of sizes was fitted.",
            folder.table("size_test"),
        ),
        Listing(
            "What the engine confirmed",
            "Every hit, score and place of these was compared with the simulation.",
            folder.table("confirmed"),
        ),
    ]
    listings += [
        Listing(title, note, folder.table(name))
        for name, title, note in (
            (
                "redundancy",
                "How many independent words are there?",
                "Words overlap, so equal words come together: the number of independent words that "
                "would vary as much.",
            ),
            (
                "greedy",
                "Does it pay to choose positions?",
                "Words chosen greedily on one half of the scenes against evenly spaced ones, on "
                "the other half.",
            ),
            (
                "words",
                "What each word tells",
                "Accidental matches are documents of unrelated scenes that share the word with a "
                "query, for collections of that size.",
            ),
        )
    ]
    return listings
