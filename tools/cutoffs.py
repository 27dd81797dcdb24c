"""``python -m tools.cutoffs``: puts the cutoffs of the committed run into the library."""

import csv
import io

import pandas as pd

from bench.evaluate.scorings import get_scoring
from bench.runs.environment import ROOT
from bench.runs.folder import RunFolder, write_bytes

RUN = RunFolder(ROOT / "results" / "reference-scoring")
PATH = ROOT / "imgsig" / "index" / "cutoffs.csv"
COLUMNS = {
    "cutoff": "value",
    "precision": "wanted",
    "held_out_precision": "precision",
    "held_out_precision_low": "precision_low",
    "held_out_precision_high": "precision_high",
    "held_out_recall": "recall",
    "documents": "documents",
}


def cutoffs_text() -> str:
    """The table as CSV, of what a search of the library can rank by."""
    whole = RUN.table("cutoffs").assign(documents=RUN.manifest()["dataset"]["documents"])
    cutoffs = pd.concat([whole, RUN.table("cutoffs_by_size")])
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(["compared", "rank", "background", *COLUMNS.values()])
    for row in cutoffs.dropna(subset=["cutoff"]).to_dict("records"):
        scoring, k = get_scoring(row["scoring"]), row["k"]
        if scoring.by not in ("count", "hamming") or (scoring.rule == "gap" and k != 1):
            continue  # a search of the library takes the best behind the gap
        if scoring.value == "distance" and (scoring.rule or scoring.by == "hamming"):
            continue
        rank = "margin" if scoring.rule else scoring.value
        background = {"kth": str(k), "gap": "gap", "": ""}[scoring.rule]
        compared = row["source"].removesuffix(f" {scoring.by}")
        numbers = [f"{row[name]:.6g}" for name in COLUMNS]
        writer.writerow([compared, rank, background, *numbers])
    return lines.getvalue()


if __name__ == "__main__":
    write_bytes(PATH, cutoffs_text().encode())
