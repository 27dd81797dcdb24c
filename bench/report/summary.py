"""The few figures that answer a run's question: one row a variant, sentences, terminal tables."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console

from bench.evaluate.measures import CANDIDATE_RECALL, SENTENCE, SUMMARY, headlines
from bench.index.variant import Variant
from bench.report.axes import where
from bench.report.finding import difference, ranking_sentence, scenes_column
from bench.report.rounding import rounded
from bench.runs.folder import RunFolder
from imgsig.cli.terminal import WholeTable

#: Measures of the summary.
MEASURES = headlines(SUMMARY)
RANKINGS = ("score", "distance")
#: The most characters of two names side by side: two lines of a title.
LONGEST = 52


@dataclass(frozen=True)
class Cell:
    """A value with its interval; NaN where undefined."""

    value: float
    low: float
    high: float
    #: Queries by scenes of equal size that say as much; queries, where scenes were not counted.
    scenes: float = math.inf


def joined(names: Sequence[str]) -> str:
    """Names of indices that agree, for a title or a cell.

    >>> joined(["tester", "tester_str"]), joined(["a", "b", "c", "d"])
    ('tester, tester_str', 'a and 3 more')
    """
    text = ", ".join(names)
    if len(names) == 1 or (len(names) == 2 and len(text) <= LONGEST):
        return text
    return f"{names[0]} and {len(names) - 1} more"


def merged(shards: int) -> str:
    """How an index was merged before it was measured.

    >>> merged(1), merged(3)
    ('one merged segment', 'one merged segment in each of 3 shards')
    """
    return "one merged segment" if shards == 1 else f"one merged segment in each of {shards} shards"


def score_of(folder: RunFolder, variant: str) -> tuple[str, int]:
    """What a score of an index of an experiment counts, and the largest there is."""
    written = next(one for one in folder.config()["variants"] if one["index"] == variant)
    own = Variant(**{key: written[key] for key in written if key != "index"})
    matcher = own.identity.layout.matcher
    if matcher.counts_words:
        return "equal words", own.largest_score
    if getattr(matcher, "element", "bit") == "bit":
        return "equal bits, and one", own.largest_score
    return "what the squared distance is below the largest, and one", own.largest_score


def metric(metrics: pd.DataFrame, variant: str, ranking: str, measure: str) -> Cell:
    """A measure over all transforms, ties at their expected value; NaN without such a ranking."""
    rows = where(metrics, variant=variant, ranking=ranking, measure=measure, transform="all")
    # "expected" first: "none" stands alone where ties do not matter
    rows = rows[rows["tie"].isin(["expected", "none"])].sort_values("tie")
    if rows.empty:
        return Cell(np.nan, np.nan, np.nan)
    columns = ("value", "low", "high", scenes_column(rows))
    return Cell(*(float(rows[column].iloc[0]) for column in columns))


def cells_sentence(
    row: dict[Hashable, Any], of_a: Cell, of_b: Cell, *, confidence: str = "95 %"
) -> str:
    """As `ranking_sentence`, of as many scenes as the fewer of two cells."""
    scenes = min(of_a.scenes, of_b.scenes)
    return ranking_sentence(row, of_a.value, of_b.value, confidence=confidence, scenes=scenes)


@dataclass(frozen=True)
class Row:
    """A variant's figures; `ratio` is the size of the first variant over its own."""

    variant: str
    codec: str
    documents: int
    store_bytes: int
    bytes_per_document: float
    ratio: float
    cells: Mapping[tuple[str, str], Cell]


def summarize(folder: RunFolder) -> list[Row]:
    """Summary of a run whose tables are written.

    Returns
    -------
    list of Row
        One row a variant, in the order of the config.
    """
    variants, metrics = folder.table("variants"), folder.table("metrics")
    candidate_recall = next(
        name for name in metrics["measure"].unique() if name.startswith(CANDIDATE_RECALL.of(""))
    )
    metrics = where(metrics, transform="all")  # the few that are looked at below, many times
    first = float(variants["bytes_per_document"].iloc[0])
    rows = []
    for variant in variants.itertuples():
        cells = {
            (ranking, measure): metric(metrics, str(variant.variant), ranking, measure)
            for ranking in RANKINGS
            for measure in (*MEASURES, candidate_recall)
        }
        size = float(variant.bytes_per_document)  # type: ignore[arg-type]
        rows.append(
            Row(
                variant=str(variant.variant),
                codec=str(variant.codec_label),
                documents=int(variant.documents),  # type: ignore[arg-type]
                store_bytes=int(variant.store_bytes),  # type: ignore[arg-type]
                bytes_per_document=size,
                ratio=first / size,
                cells=cells,
            )
        )
    return rows


def verdict(rows: list[Row], comparisons: pd.DataFrame, *, confidence: str = "95 %") -> list[str]:
    """What the figures say.

    `confidence` is that of the intervals, see `bench.report.rounding.confidence`.

    Returns
    -------
    list of str
        Sentences on storage, on ranking, and on both at 90 % precision, where the run has the
        variants for them.
    """
    sentences = []
    largest = max(rows, key=lambda row: row.bytes_per_document)
    smallest = min(rows, key=lambda row: row.bytes_per_document)
    if largest is not smallest:
        sentences.append(
            f"{smallest.variant} takes {rounded(smallest.bytes_per_document, ',.0f')} bytes a "
            f"document, {largest.variant} {rounded(largest.bytes_per_document, ',.0f')}: "
            f"{rounded(largest.bytes_per_document / smallest.bytes_per_document, '.2f')} times as "
            "much."
        )
    for measure in headlines(SENTENCE):
        for one in rows:
            index = one.variant
            row = difference(comparisons, (index, "distance"), (index, "score"), measure)
            if row is not None:
                of = [one.cells[ranking, measure] for ranking in ("distance", "score")]
                sentences.append(cells_sentence(row, *of, confidence=confidence))
                break
    return sentences


def print_summary(rows: list[Row], sentences: list[str], console: Console, shards: int = 1) -> None:
    """Print the table and the verdict; an index has so many shards."""
    sizes = WholeTable(title=f"Storage: {merged(shards)}, primaries", title_justify="left")
    sizes.add_column("index")
    sizes.add_column("signature stored as")
    for heading in ("documents", "MB", "B/doc", f"{rows[0].variant} is"):
        sizes.add_column(heading, justify="right")
    for row in rows:
        sizes.add_row(
            row.variant,
            row.codec,
            f"{row.documents:,}",
            rounded(row.store_bytes / 1e6, ",.1f"),
            rounded(row.bytes_per_document, ",.0f"),
            f"{rounded(row.ratio, '.2f')}×",
        )
    console.print(sizes)
    measures = [m for m in dict.fromkeys(m for _, m in rows[0].cells) if "held_out" not in m]
    quality = WholeTable(title="Ranking: by score, and by distance where there is one")
    quality.add_column("index")
    quality.add_column("ranked by")
    for measure in measures:
        quality.add_column(measure, justify="right")
    # Indices that differ only in storage rank alike and share a row.
    alike: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        for ranking in RANKINGS:
            values = [row.cells[ranking, measure].value for measure in measures]
            if not np.isnan(values).all():
                alike.setdefault((ranking, *map(rounded, values)), []).append(row.variant)
    for shown, names in alike.items():
        quality.add_row(joined(names), *shown)
    console.print(quality)
    for sentence in sentences:
        console.print(f"• {sentence}", highlight=False)


def row_data(row: Row) -> dict[str, Any]:
    """A row as plain values: measures by ranking, with their intervals; NaN where undefined."""
    measures: dict[str, dict[str, Any]] = {}
    for (ranking, measure), cell in row.cells.items():
        plain = {name: getattr(cell, name) for name in ("value", "low", "high")}
        measures.setdefault(ranking, {})[measure] = plain
    plain = asdict(row)
    del plain["cells"]
    return {"index": plain.pop("variant"), **plain, "measures": measures}
