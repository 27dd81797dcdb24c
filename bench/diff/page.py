"""What two runs say beside each other: sentences, tables and a page that needs no network."""

from collections.abc import Sequence

import pandas as pd

from bench.diff.limits import Limit
from bench.diff.quality import APART, WITHOUT_HITS
from bench.diff.runs import BYTES, QUALITY, TIME, Diff
from bench.evaluate.measures import DIFFERENCES, headlines
from bench.report.page import Listing, render
from bench.report.rounding import rounded

#: What is past a limit is named up to so many; the tables have all.
_TOLD = 3
#: Names of what one run alone has that are told; the JSON has all.
_NAMED = 6
_DIFFERENCES = "Differences are B less A, with their interval."


def sentences(diff: Diff, limits: Sequence[Limit] = ()) -> list[str]:
    """The comparison in sentences: limits first, then each part."""
    said = []
    for limit in limits:
        passed = limit.passed(diff)
        told = "; ".join(passed[:_TOLD])
        further = f"; and {len(passed) - _TOLD:,} more" if len(passed) > _TOLD else ""
        said.append(
            f"{limit.text} is not kept: {told}{further}." if passed else f"{limit.text} is kept."
        )
    for part, tell in ((BYTES, _bytes), (QUALITY, _quality), (TIME, _times)):
        reason = diff.not_compared(part)
        said += [f"{reason[0].upper()}{reason[1:]}."] if reason else tell(diff)
    for (part, run), names in diff.only.items():
        more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        said.append(f"Only {run} has, of {part}: {', '.join(names[:_NAMED])}{more}.")
    if diff.changes.empty:
        said.append("Config, code, engine, machine and pictures are the same.")
    return said


def _bytes(diff: Diff) -> list[str]:
    table = diff.parts[BYTES]
    if table.empty:
        return ["No index is in both runs by name, so no bytes are compared."]
    return [f"Bytes a document: {_ratios(table)} in {_counted(table, 'index', 'indices')} of both."]


def _times(diff: Diff) -> list[str]:
    table = diff.parts[TIME]
    if table.empty:
        return ["Nothing was timed in both runs."]
    sampled = table["low"].notna()
    shown = int(((table["low"] > 1) | (table["high"] < 1)).sum())
    told = f"Median times: {_ratios(table)} in {_counted(table, 'thing', 'things')} that both timed"
    if not sampled.any():
        return [f"{told}; the runs keep medians alone, so their noise is not known."]
    return [
        f"{told}; {shown:,} are beyond the noise within the runs. They were not measured side by "
        "side: what the machine did differently that day is in the ratio too."
    ]


def _ratios(table: pd.DataFrame) -> str:
    if (table["ratio"] == 1).all():
        return "the same"
    low, high = (rounded(each, ".3f") for each in (table["ratio"].min(), table["ratio"].max()))
    if low == high:
        return "the same within 0.05 %" if low == "1.000" else f"B takes {low} times A's"
    return f"B takes {low} to {high} times A's"


def _counted(table: pd.DataFrame, one: str, many: str) -> str:
    return f"{len(table):,} {one if len(table) == 1 else many}"


def _quality(diff: Diff) -> list[str]:
    table = diff.parts[QUALITY]
    if table.empty:
        return ["No quality is compared: no ranking of an index is measured in both runs."]
    same = table["a"] == table["b"]
    if same.all():
        said = [f"Quality: all {len(table):,} values are the same."]
    else:
        counts = table["found"].mask(same, "the same").value_counts()
        told = ", ".join(f"{count:,} {found}" for found, count in counts.items())
        said = [f"Quality, of {len(table):,} values of B beside A's: {told}."]
    if not diff.paired:
        why = "The queries differ"
        if diff.kind in WITHOUT_HITS:
            why = f"Runs of kind {diff.kind} keep no hits"
        return [*said, f"{why}, so differences are NOT paired: their intervals follow from those "
                "stored of either value, as of independent samples."]  # fmt: skip
    if count := int((table["how"] == APART).sum()):
        said.append(
            "The queries are the same: differences are paired, their intervals from resampling "
            f"whole scenes; but {count:,} held-out and other values have stored intervals alone."
        )
    return said


def listings(diff: Diff) -> list[Listing]:
    """The tables of a comparison; of quality, the measures that limits are held against."""
    quality = diff.parts[QUALITY]
    chosen = quality[quality["measure"].isin(headlines(DIFFERENCES))]
    every = [
        _listing("What changed", "What the runs say of themselves.", diff.changes),
        _listing("Bytes", "Bytes a document of indices of the same name.", diff.parts[BYTES]),
        _listing("Quality", _DIFFERENCES, chosen),
        _listing("Times", "Medians in ms, and their ratio with its interval.", diff.parts[TIME]),
    ]
    return [each for each in every if not each.table.empty]


def _listing(title: str, note: str, table: pd.DataFrame) -> Listing:
    return Listing(title, note, table.rename(columns={"a": "A", "b": "B", "found": "B is"}))


def diff_page(diff: Diff, limits: Sequence[Limit] = ()) -> str:
    """The comparison as an HTML page."""
    return render(
        "diff.html.j2",
        diff=diff,
        sentences=sentences(diff, limits),
        listings=listings(diff),
        every=_listing("Every measure", _DIFFERENCES, diff.parts[QUALITY]),
    )
