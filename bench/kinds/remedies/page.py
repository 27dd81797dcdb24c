"""The page of a remedy run: what to do about turned and cropped pictures, and what it takes."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from bench.evaluate.judge import MEASURES
from bench.evaluate.measures import UAP
from bench.kinds.remedies.figures import edit_rows
from bench.kinds.remedies.tables import CROPPED, OTHER, TURNED, part_counts, remedy_rows
from bench.report.finding import word
from bench.report.page import Listing
from bench.report.rounding import between, rounded
from bench.runs.folder import RunFolder

#: What is done about each group of edits, and a column that tells whether a remedy does it.
_AIMS = {
    TURNED: (
        "turned or mirrored",
        lambda row: row["asked"] > 1 or row["stored"] > 1 + row["pieces"],
    ),
    CROPPED: ("cropped", lambda row: row["pieces"] > 0),
}


def remedy_verdict(folder: RunFolder, manifest: Mapping[str, Any]) -> list[str]:
    """What to do, and what each remedy finds and takes, in sentences."""
    rows = remedy_rows(folder)
    said = [what_to_do(rows, part) for part in _AIMS if part in set(rows["part"])]
    variants = list(dict.fromkeys(rows["variant"]))
    for part, (what, _) in _AIMS.items():
        said += [
            _ladder(rows, variant, part, what) for variant in variants if part in set(rows["part"])
        ]
    said += [_price(rows, part) for part in (OTHER, "natural") if part in set(rows["part"])]
    said.append(_signing(folder))
    said.append(
        f"The engine confirmed every one of {manifest['verified_hits']:,} hits in "
        f"{len(folder.table('indices'))} indices."
    )
    return said


def what_to_do(rows: pd.DataFrame, part: str) -> str:
    """Of the remedies for a part of the queries the one that finds most, on the first variant.

    Of those that find as much within a hundredth, the one that takes fewest bytes, then the
    quickest.
    """
    what, aims = _AIMS[part]
    first = rows[rows["variant"] == rows["variant"].iloc[0]]
    own = first[first["part"] == part]
    none = own.iloc[0]
    tried = own[own.apply(aims, axis=1) & (own["difference_low"] > 0)]
    if tried.empty:
        return (
            f"Nothing that was tried is shown to find more of {what} pictures than "
            f"{rounded(none['value'])} ({UAP.name})."
        )
    good = tried[tried["value"] >= tried["value"].max() - 0.01]
    best = good.sort_values(["bytes_per_picture", "search_ms"]).iloc[0]
    return (
        f"Where pictures come {what}, {_done(best)}: {UAP.name} of these goes from "
        f"{rounded(none['value'])} to {rounded(best['value'])}, for "
        f"{rounded(best['bytes_per_picture'], ',.0f')} bytes a picture in place of "
        f"{rounded(none['bytes_per_picture'], ',.0f')} and {rounded(best['times'], '.1f')} times "
        f"the time of a search{_else(first, best)}."
    )


def _done(row: Mapping[str, Any]) -> str:
    done = []
    if row["pieces"]:
        done.append(f"store {row['pieces']} pieces of each too")
    if row["stored"] > 1 + row["pieces"]:
        done.append("store each in all eight orientations")
    if row["asked"] > 1:
        done.append(f"search for all {row['asked']} orientations of a query in one request")
    return " and ".join(done)


def _else(first: pd.DataFrame, best: Mapping[str, Any]) -> str:
    """What it changes for edits that it is not for."""
    own = first[(first["part"] == OTHER) & (first["source"] == best["source"])]
    if own.empty:
        return ""
    ends = own["difference_low"].iloc[0], own["difference_high"].iloc[0]
    return f"; other edits: {word(*ends, own['n'].iloc[0])} ({between(*ends, '+.3f')})"


def _ladder(rows: pd.DataFrame, variant: str, part: str, what: str) -> str:
    """All remedies by what they find of a part."""
    own = rows[(rows["variant"] == variant) & (rows["part"] == part)]
    told = [
        f"{row.remedy} {rounded(row.value)} at {rounded(row.bytes_per_picture, ',.0f')} B and "
        f"{rounded(row.search_ms, '.1f')} ms"
        for row in own.itertuples()
    ]
    return f"{variant}, {what} pictures, {UAP.name} less the background: {'; '.join(told)}."


def _price(rows: pd.DataFrame, part: str) -> str:
    """What remedies change where none is needed."""
    own = rows[rows["part"] == part]
    found: dict[str, list[str]] = {}
    for row in own[own["source"] != own["variant"]].to_dict("records"):
        ends = row["difference_low"], row["difference_high"]
        found.setdefault(word(*ends, row["n"]), []).append(
            f"{row['source']} {between(*ends, '+.3f')}"
        )
    told = "; ".join(f"{name}: {', '.join(each)}" for name, each in found.items())
    name = "natural pairs" if part == "natural" else part
    return f"What each changes for {name}, as the interval of the difference in {UAP.name}: {told}."


def _signing(folder: RunFolder) -> str:
    table = folder.table("signing_times")
    told = ", ".join(
        f"{row.made} {rounded(row.sign_ms, '.0f')} ({row.signatures})" for row in table.itertuples()
    )
    return (
        f"Milliseconds to sign a picture, from its file on (median of {table['pictures'].iloc[0]}, "
        f"one core), and how many signatures that is: {told}."
    )


def remedy_listings(folder: RunFolder, manifest: Mapping[str, Any]) -> list[Listing]:
    """The tables of the page."""
    counts = part_counts(folder.table("queries"))
    every = {measure: remedy_rows(folder, measure) for measure in MEASURES}
    groups = [part for part in (TURNED, CROPPED, OTHER, "natural") if counts.get(part)]
    listings = [
        Listing(
            f"What does each find of {part}, and what does it take?",
            f"{counts[part]:,} queries of held-out scenes, those without a match among them, "
            "ranked by score less the background of the answer. Bytes of the settled index over "
            "its pictures; the client's median of a search, in turn.",
            _main(every, part),
        )
        for part in groups
    ]
    rows = edit_rows(folder)
    wide = rows.pivot_table(index="source", columns="part", values="value", sort=False)
    listings.append(
        Listing(
            f"{UAP.name} by edit and kind of natural pair",
            "Of held-out scenes, less the background. Queries: "
            + ", ".join(f"{name} {counts[name]}" for name in dict.fromkeys(rows["part"]))
            + ".",
            wide.rename_axis(columns=None).reset_index(),
        )
    )
    listings.append(
        Listing(
            "What a search takes",
            "The same queries in turn on one engine; took: its own whole milliseconds, latency: "
            "the client's, of all orientations that are asked; ratio: of the client's medians.",
            folder.table("search_times"),
        )
    )
    listings.append(
        Listing(
            "What signing takes",
            "Of the same pictures in turn, on one core, from the file on: the picture as it is, "
            "and what is stored or asked besides.",
            folder.table("signing_times"),
        )
    )
    return listings


def _main(every: Mapping[str, pd.DataFrame], part: str) -> pd.DataFrame:
    table: list[dict[str, Any]] = []
    for measure, own in every.items():
        for place, row in enumerate(own[own["part"] == part].to_dict("records")):
            if place == len(table):
                table.append(
                    {
                        "index": row["variant"],
                        "remedy": row["remedy"],
                        "documents_per_picture": rounded(row["stored"], ".0f"),
                        "bytes_per_picture": rounded(row["bytes_per_picture"], ",.0f"),
                        "search_ms": rounded(row["search_ms"], ".1f"),
                    }
                )
            ends = between(row["low"], row["high"])
            table[place][measure] = f"{rounded(row['value'])} ({ends})"
    return pd.DataFrame(table)
