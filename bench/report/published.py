"""Results on published benchmarks in the papers' own form, beside what their authors report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console

from bench.evaluate.measures import MEAN_AVERAGE_PRECISION, RECALL_AT_90, UAP
from bench.evaluate.rankings import DISTANCE, RANKINGS, SCORE
from bench.report.axes import where
from bench.report.rounding import rounded
from bench.report.summary import metric
from bench.runs.folder import RunFolder
from imgsig.cli.terminal import WholeTable

#: Photographs of one object of UKBench, and so the best score there is.
OF_EACH = 4

NS_SCORE = "N-S score"

#: Copies of Copydays by their kind in its columns: what the names of their edits begin with.
COPIES = {"jpeg": "mAP, JPEG", "crops": "mAP, crops", "strong": "mAP, strong"}


@dataclass(frozen=True)
class System:
    """A row: who found the pictures, the value of each column, and where that is from."""

    name: str
    figures: Mapping[str, float]
    source: str = ""


_ISC = "github.com/facebookresearch/isc2021, docs"

#: What authors report, on the same pictures. There is none of Holidays and UKBench that could be
#: looked up where this was written.
REPORTED: Mapping[str, tuple[System, ...]] = {
    "disc21-dev": (
        System("GIST", {UAP.name: 0.271, RECALL_AT_90.name: 0.225}, f"{_ISC}/1_gist_subset.md"),
        System(
            "MultiGrain", {UAP.name: 0.563, RECALL_AT_90.name: 0.414}, f"{_ISC}/4_multigrain_subset"
        ),
    ),
    "disc21": (
        System(
            "GIST, 256 dimensions",
            {UAP.name: 0.152, RECALL_AT_90.name: 0.104},
            f"{_ISC}/3_gist_full.md",
        ),
        System(
            "MultiGrain, normalised",
            {UAP.name: 0.365, RECALL_AT_90.name: 0.268},
            f"{_ISC}/5_multigrain_full.md",
        ),
    ),
    "copydays": (
        System(
            "DINO, with 10,000 distractors",
            {COPIES["strong"]: 0.858},
            "README of github.com/facebookresearch/dino",
        ),
    ),
    "holidays": (),
    "ukbench": (),
}


def paper_rows(folder: RunFolder, manifest: Mapping[str, Any]) -> list[System]:
    """Every index and ranking of a run, then what was reported; none of other collections.

    Ties count as the mean over their orders. K hits of a query are ranked, the K of the run: what
    comes later is as if it were not found.
    """
    benchmark = str(manifest["dataset"]["collection"]).partition(":")[0]
    if benchmark not in REPORTED:
        return []
    metrics = folder.table("metrics")
    ours = []
    for variant, ranking in dict.fromkeys(zip(metrics["variant"], metrics["ranking"], strict=True)):
        if ranking in (SCORE.name, DISTANCE.name):
            values = _values(benchmark, folder, metrics, str(variant), str(ranking))
            ours.append(System(f"{variant} by {ranking}", values))
    return [*ours, *REPORTED[benchmark]]


def _values(
    benchmark: str, folder: RunFolder, metrics: pd.DataFrame, variant: str, ranking: str
) -> dict[str, float]:
    if benchmark.startswith("disc21"):
        return {
            one.name: metric(metrics, variant, ranking, one.name).value
            for one in (UAP, RECALL_AT_90)
        }
    if benchmark == "ukbench":
        # Of indices with the same hits the table has those of the first.
        alike = folder.table("variants").set_index("variant")["ranks_as"]
        hits = where(folder.table("candidates"), variant=alike[variant])
        return {NS_SCORE: ns_score(hits, ranking, len(folder.table("queries")))}
    name = MEAN_AVERAGE_PRECISION.name
    if benchmark == "holidays":
        return {name: metric(metrics, variant, ranking, name).value}
    rows = where(metrics, variant=variant, ranking=ranking, measure=name, tie="expected")
    kinds = rows["transform"].str.partition("/")[0]
    return {
        column: float(rows["value"][kinds == kind].mean())  # each strength has as many copies
        for kind, column in COPIES.items()
        if (kinds == kind).any()
    }


def ns_score(hits: pd.DataFrame, ranking: str, queries: int) -> float:
    """How many of a query's first four hits show its object, in the mean over so many queries.

    Of hits of equal value each is as likely as any other to be among them.

    Notes
    -----
    Nistér and Stewénius, "Scalable recognition with a vocabulary tree", CVPR 2006.
    """
    goodness = pd.Series(RANKINGS[ranking].goodness(hits[ranking].to_numpy()), hits.index)
    of_query = goodness.groupby(hits["query"])
    before = of_query.rank(method="min", ascending=False) - 1
    tied = goodness.groupby([hits["query"], goodness]).transform("size")
    chance = ((OF_EACH - before) / tied).clip(0, 1)
    return float(chance[hits["relation"] == "right"].sum() / queries)


def columns(rows: Sequence[System]) -> list[str]:
    """Columns that some row has, in the order in which they come."""
    return list(dict.fromkeys(name for row in rows for name in row.figures))


def print_papers(rows: Sequence[System], console: Console) -> None:
    """The table of `paper_rows` on the terminal."""
    if rows:
        shown = WholeTable("", *columns(rows), "from")
        for row in rows:
            cells = (rounded(row.figures.get(name, np.nan)) for name in columns(rows))
            shown.add_row(row.name, *cells, row.source or "this run")
        console.print(shown)
