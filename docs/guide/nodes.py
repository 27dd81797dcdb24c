"""What was measured of what the plan of a cluster reckons: on nodes, and beyond a million."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.advise.times import BEYOND, Times
from bench.cost.searching import at_base
from bench.kinds.nodes.arrangements import PART
from bench.kinds.nodes.page import node_verdict
from bench.report.axes import where
from bench.report.rounding import rounded
from bench.runs.folder import RunFolder
from guide.figures import wrapped
from guide.markdown import table
from guide.sizes import LARGE_SEARCHED
from guide.sizes import RUN as GROWN

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
    headings = ["index", "documents", "shards", "copies", "MB", "MB predicted", "difference"]
    return table(headings, rows, " rrrrrr")


def times_beyond() -> str:
    """What lines through times up to a million documents predict, and what was measured."""
    lines = Times.of(GROWN).indices
    cost = where(at_base(LARGE_SEARCHED.table("search_cost")), clock="latency")
    told = []
    for row in cost.to_dict("records"):
        size = int(row["documents"])
        predicted = lines[row["variant"]].at(float(size), size, 1).milliseconds
        told.append(
            f"of `{row['variant']}` {rounded(predicted, ',.0f')} ms, and "
            f"{rounded(row['p50'], ',.0f')} were measured "
            f"({rounded(100 * (row['p50'] / predicted - 1), '+.0f')} %)"
        )
    return wrapped(
        f"Lines through the times up to a million documents predict at {size:,} "
        f"{', '.join(told)}. So intervals of times beyond what was measured are wider by "
        f"{rounded(100 * BEYOND, '.0f')} % on either side."
    )


def of_nodes(run: RunFolder = RUN) -> dict[str, Callable[[], str]]:
    """Made parts of the page on planning a cluster by the name in their marks."""
    return {
        "nodes": partial(measured, run),
        "node-sizes": partial(sizes, run),
        "times-beyond": times_beyond,
    }
