"""What graphs of neighbours find, beside comparing with all bits."""

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from bench.kinds.scale.graphs import ENOUGH, graph_sentences
from bench.report.axes import where
from bench.report.rounding import rounded
from bench.runs.folder import RunFolder
from guide.markdown import table

_RESULTS = Path(__file__).resolve().parents[2] / "results"
#: Up to a million documents, and up to 200,000.
LARGE = RunFolder(_RESULTS / "reference-scale-graphs")
SMALL = RunFolder(_RESULTS / "reference-scale-graphs-200k")


def graphs() -> str:
    """What graphs find at the largest size, and the fastest that finds nearly all."""
    sizes = where(LARGE.table("sizes"), origin="collection").set_index(["variant", "documents"])
    live = LARGE.table("live")
    own = live[live["documents"] == live["documents"].max()]
    rows = []
    for row in own.to_dict("records"):
        size = sizes.loc[row["variant"], row["documents"]]
        rows.append(
            (
                f"`{row['variant']}`",
                rounded(size["bytes_per_document"], ".1f"),
                rounded(size["merge_seconds"], ",.0f"),
                f"{row['num_candidates']:,}" if row["num_candidates"] else "all",
                rounded(row["recall"]),
                rounded(row["candidate_recall"]),
                rounded(row["latency_p50"], ",.1f"),
                rounded(row["took_mean"], ",.1f"),
            )
        )
    headings = [
        *("index", "B a document", "s to merge", "candidates", "share of the exact hits"),
        *("right answers", "ms", "the engine's, mean"),
    ]
    said = [*_right_answers(own), *graph_sentences(live)]
    bullets = "".join(f"- {one}\n" for one in said)
    return bullets + "\n" + table(headings, rows, " rrrrrrr")


def graphs_again() -> str:
    """Graphs of the same documents, made twice, with the most candidates: what each finds."""
    most = []
    for run in (SMALL, LARGE):
        live = run.table("live")
        found = live[(live["documents"] == 200_000) & (live["num_candidates"] > 0)]
        most.append(found.sort_values("num_candidates").groupby("variant", sort=False).last())
    one, other = most
    rows = [
        (
            f"`{name}`",
            *(rounded(run.loc[name, "recall"]) for run in most),
            *(rounded(run.loc[name, "candidate_recall"]) for run in most),
        )
        for name in sorted(one.index.intersection(other.index))
    ]
    headings = ["index", "exact hits", "made again", "right answers", "made again"]
    return table(headings, rows, " rrrr")


def _right_answers(own: pd.DataFrame) -> list[str]:
    """What it takes to find nearly all right answers, and what the fastest searches find."""
    (exact,) = where(own, num_candidates=0).to_dict("records")
    tried = own[own["num_candidates"] > 0].assign(
        kept=lambda rows: rows["candidate_recall"] / exact["candidate_recall"]
    )
    enough = tried[tried["kept"] >= ENOUGH].sort_values("latency_p50")
    within = tried[tried["latency_p50"] <= 10].sort_values("kept")
    all_of = f"{ENOUGH:.0%} of the right answers that comparing with all finds take "
    return [
        *(all_of + _told(row) for row in enough.head(1).to_dict("records")),
        *(
            f"Within 10 ms the most are found by {_told(row)}"
            for row in within.tail(1).to_dict("records")
        ),
    ]


def _told(row: Mapping[Hashable, Any]) -> str:
    return (
        f"{row['variant']} with {row['num_candidates']:,} candidates: "
        f"{rounded(row['kept'], '.1%')} in {rounded(row['latency_p50'], '.1f')} ms, "
        f"{rounded(row['ratio_to_exact'], '.2f')} times as long as comparing with all."
    )
