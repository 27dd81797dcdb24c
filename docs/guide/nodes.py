"""What a run on several nodes measured, beside what the plan of a cluster reckons."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.kinds.nodes.arrangements import PART
from bench.kinds.nodes.page import node_verdict
from bench.report.rounding import rounded
from bench.runs.folder import RunFolder
from guide.figures import wrapped
from guide.markdown import table

_RESULTS = Path(__file__).resolve().parents[2] / "results"
RUN = RunFolder(_RESULTS / "reference-nodes")


def measured(run: RunFolder = RUN) -> str:
    """What the page says, a point a sentence."""
    said = node_verdict(run, run.manifest())
    return "".join("- " + wrapped(one).replace("\n", "\n  ").rstrip() + "\n" for one in said)


def sizes(run: RunFolder = RUN) -> str:
    """Bytes of each index, and how far they are from shards × copies × one shard."""
    rows = [
        (
            f"`{row['variant']}`",
            f"{row['documents']:,}",
            row["shards"],
            1 + row["replicas"],
            rounded(row["store_bytes"] / 1e6, ",.1f"),
            rounded(row["foretold_bytes"] / 1e6, ",.1f"),
            "–" if row["shards"] == 1 else f"{rounded(100 * row['difference'], '+.2f')} %",
        )
        for row in run.table("sizes").to_dict("records")
        if row["arrangement"] != PART
    ]
    headings = ["index", "documents", "shards", "copies", "MB", "MB foretold", "difference"]
    return table(headings, rows, " rrrrrr")


def of_nodes(run: RunFolder = RUN) -> dict[str, Callable[[], str]]:
    """Made parts of the page on planning a cluster by the name in their marks."""
    return {"nodes": partial(measured, run), "node-sizes": partial(sizes, run)}
