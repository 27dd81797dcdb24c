"""The page of a scale run: bytes a document as the collection grows."""

import pandas as pd

from bench.report.page import Listing
from bench.report.rounding import rounded, sized
from bench.runs.folder import RunFolder

_WORDS = "Words and bytes of as many documents of both kinds"
_PAIRS = (
    "; and how many unrelated pairs are alike, of synthetic documents and of real with synthetic "
    "ones, beside pairs of real ones of different scenes."
)


def scale_verdict(folder: RunFolder) -> list[str]:
    """What a scale run says, in sentences."""
    projections = folder.table("projections")
    largest = projections["documents"].max()
    sentences = [
        f"At {row['documents']:,} images {row['variant']} takes "
        f"{sized(row['primary_bytes'])} of primaries "
        f"({sized(row['primary_low'])} to {sized(row['primary_high'])})."
        for row in projections[projections["documents"] == largest].to_dict("records")
    ]
    return [*sentences, *held_out_sentences(folder)]


def held_out_sentences(folder: RunFolder) -> list[str]:
    """How far the largest size, left out of the fits, was missed: by the fits used, and by all."""
    fits, used = tested_fits(folder)
    if fits.empty:
        return []
    if used.empty:
        return [
            f"The largest size, {fits['held_out'].max():,} documents, was held out. The fits that "
            "are used, one an index, have as many terms as the other sizes can tell and were not "
            f"tested; of simpler ones the worst missed it by {_missed(fits)}."
        ]
    return [
        f"The largest size, {fits['held_out'].max():,} documents, was held out: the fits that are "
        f"used, one an index, missed it by at most {_missed(used)}. Of all fits that were tried, "
        f"simpler ones too, the worst missed it by {_missed(fits)}."
    ]


def tested_fits(folder: RunFolder) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fits that predicted the largest size: all of them, and those that projections use."""
    fits = folder.table("fits").dropna(subset=["error"])
    chosen = folder.table("projections")[["variant", "model"]].drop_duplicates()
    return fits, fits.merge(chosen)


def _missed(fits: pd.DataFrame) -> str:
    worst = rounded(100 * fits["error"].abs().max(), ".1f")
    return (
        f"{worst} % ({int(fits['inside'].sum())} of {len(fits)} inside their prediction interval)"
    )


def scale_listings(folder: RunFolder) -> list[Listing]:
    """The tables of the page."""
    listings = [
        Listing(
            "From 100 million to a billion images",
            "Extrapolated from the fits, in shards of the stated size; replicas and room for "
            "merges are told apart.",
            folder.table("projections"),
        ),
        Listing(
            "Figures users report",
            "Nothing is known of their shards, deletions, other fields and versions.",
            folder.table("reported"),
        ),
        Listing(
            "Fits",
            "Bytes a document = slope + what an index takes once / documents + what wider document "
            "numbers take; tested on the largest size, which was left out for that.",
            folder.table("fits"),
        ),
        Listing(
            "What was measured",
            "Documents beyond the real ones are synthetic.",
            folder.table("sizes"),
        ),
    ]
    if (folder.path / "synthetic_check.parquet").is_file():
        listings.append(
            Listing(
                "Are the synthetic documents like the real ones?",
                _WORDS + (_PAIRS if (folder.path / "synthetic_pairs.parquet").is_file() else "."),
                folder.table("synthetic_check"),
            )
        )
    return listings
