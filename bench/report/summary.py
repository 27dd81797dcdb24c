"""The few figures of a run that answer its question, one row a variant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bench.report.finding import difference, ranking_sentence
from bench.report.rounding import rounded
from bench.runs.folder import RunFolder

#: Measures of the summary, and which of the values of tied rankings stands there.
MEASURES = ("uAP", "R@P90", "recall@1", "held_out_recall@P90", "held_out_precision@P90")
RANKINGS = ("score", "distance")


@dataclass(frozen=True)
class Cell:
    """A value with its interval; NaN where it is not defined."""

    value: float
    low: float
    high: float


#: Characters of two names that stand side by side: two lines of a title.
LONGEST = 52


def joined(names: Sequence[str]) -> str:
    """Names of indices that agree, for a title or a cell.

    Examples
    --------
    >>> joined(["tester", "tester_str"]), joined(["a", "b", "c", "d"])
    ('tester, tester_str', 'a and 3 more')
    """
    text = ", ".join(names)
    if len(names) == 1 or (len(names) == 2 and len(text) <= LONGEST):
        return text
    return f"{names[0]} and {len(names) - 1} more"


def metric(metrics: pd.DataFrame, variant: str, ranking: str, measure: str) -> Cell:
    """One measure over all transforms, ties at their expected value.

    Parameters
    ----------
    metrics : DataFrame
        The table ``metrics`` of a run.

    Returns
    -------
    Cell
        NaN where the variant has no such ranking.
    """
    rows = metrics[
        (metrics["variant"] == variant)
        & (metrics["ranking"] == ranking)
        & (metrics["measure"] == measure)
        & (metrics["transform"] == "all")
        & metrics["tie"].isin(["expected", "none"])
    ].sort_values("tie")  # "expected" first: "none" stands alone where ties do not matter
    if rows.empty:
        return Cell(np.nan, np.nan, np.nan)
    row = rows.iloc[0]
    return Cell(float(row["value"]), float(row["low"]), float(row["high"]))


@dataclass(frozen=True)
class Row:
    """A variant's figures."""

    variant: str
    codec: str
    documents: int
    store_bytes: int
    bytes_per_document: float
    ratio: float
    cells: Mapping[tuple[str, str], Cell]


def summarize(folder: RunFolder) -> list[Row]:
    """Summary of a finished run (or one whose tables are written).

    Returns
    -------
    list of Row
        In the order of the config; ``ratio`` is the size of the first over that of the row.
    """
    variants, metrics = folder.table("variants"), folder.table("metrics")
    candidate_recall = next(
        name for name in metrics["measure"].unique() if name.startswith("candidate_recall@")
    )
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


def verdict(rows: list[Row], comparisons: pd.DataFrame) -> list[str]:
    """What the figures say, in sentences.

    Parameters
    ----------
    comparisons : DataFrame
        The table ``comparisons`` of the run.

    Returns
    -------
    list of str
        About storage, about ranking, about both at 90 % precision; each only where the run has the
        variants for it.
    """
    sentences = []
    largest = max(rows, key=lambda row: row.bytes_per_document)
    smallest = min(rows, key=lambda row: row.bytes_per_document)
    if largest is not smallest:
        sentences.append(
            f"{smallest.variant} takes {rounded(smallest.bytes_per_document, ',.0f')} bytes a "
            f"document, "
            f"{largest.variant} {rounded(largest.bytes_per_document, ',.0f')}: "
            f"{rounded(largest.bytes_per_document / smallest.bytes_per_document, '.2f')} times as "
            f"much."
        )
    for measure in ("uAP", "R@P90"):
        for one in rows:
            index = one.variant
            row = difference(comparisons, (index, "distance"), (index, "score"), measure)
            if row is not None:
                of = {ranking: one.cells[ranking, measure].value for ranking in RANKINGS}
                sentences.append(ranking_sentence(row, of["distance"], of["score"]))
                break
    return sentences
