"""What searching costs and finds at each size: sentences, tables and figures of a scale run."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.evaluate.measures import UAP
from bench.kinds.scale.cost_page import (
    fetched,
    fetched_listings,
    fetched_sentences,
    narrowed_listings,
    narrowed_sentences,
)
from bench.kinds.scale.graphs import found_in_time, graph_sentences, searched_graphs
from bench.kinds.scale.quality import VALUE
from bench.kinds.scale.winners import by_client, winner_sentences, winners
from bench.report.axes import plain_log, where
from bench.report.drawing import COLORS, Drawing, Drawn, look_of
from bench.report.page import Listing
from bench.report.rounding import rounded
from bench.runs.folder import RunFolder


def search_sentences(folder: RunFolder, tables: Mapping[str, Any]) -> list[str]:
    """Which index wins at which size; none where nothing was searched."""
    said: list[str] = []
    if "search_cost" in tables:
        said += winner_sentences(winners(folder))
        said += fetched_sentences(fetched(folder.table("search_cost")))
    if "live" in tables:
        live = folder.table("live")
        said += [*graph_sentences(live), *narrowed_sentences(live)]
    if "tail" in tables:
        said += _tail_sentences(folder.table("tails"), folder.table("tail"))
    return said


def search_listings(folder: RunFolder, tables: Mapping[str, Any]) -> list[Listing]:
    """The tables of searching and of what is found, of those that there are."""
    found: list[Listing] = []
    if "search_cost" in tables:
        cost = folder.table("search_cost")
        found += [
            Listing(
                "At what size does what win?",
                "One client, warm, hits in the order of score and sequence number, each with its "
                "stored signature. Found: queries with a right answer among their hits; "
                "difference: of their share, to the first index, paired. Worth it: not shown to "
                "find less, and beaten by no such index in both bytes and milliseconds.",
                winners(folder),
            ),
            Listing(
                "What a search takes",
                "Milliseconds: latency is the client's, service the engine's own time. Under "
                "ingest each index is searched while documents of its kind are added to a "
                "further index of the same engine; variants do not alternate there. Throughput is "
                "in requests a second, each of as many searches as are sent together.",
                cost,
            ),
            *fetched_listings(cost),
        ]
    if "live" in tables:
        live = folder.table("live")
        found += [
            Listing(
                "What is found of the exact hits",
                "The same queries sent to every index in turn, ids alone fetched. Hits of indices "
                "that compare with everything (0 candidates) were the exact ones, document for "
                "document; ratios are to the first of them that ranks by the same.",
                live,
            ),
            *narrowed_listings(live),
        ]
    if "quality" in tables:
        found += [
            Listing(
                "Quality by size",
                "Exact answers over the same documents. Synthetic documents are wrong answers; "
                "value - kth takes the background of the answer off.",
                folder.table("quality"),
            ),
            Listing(
                "Cutoffs tuned at the smallest size",
                "Tuned on one half of the scenes at the smallest size, kept as they are at all "
                "others, and reported on the other half. Cutoffs of distance are negated.",
                folder.table("fixed_cutoffs"),
            ),
            Listing(
                "Postings that a search of words touches",
                "Over documents, so that 1 is as many as there are documents.",
                folder.table("postings"),
            ),
        ]
    if "tail" in tables:
        found += [
            Listing(
                "How wrong pairs become fewer: which model is better?",
                "Fitted to the pairs of one half of the scenes from the start on, tested on those "
                "of the other. A beta-geometric tail gives each query a factor of its own.",
                folder.table("tails"),
            ),
            Listing(
                "Wrong pairs at high scores, counted and predicted",
                "Pairs of real pictures of different scenes with at least that score. Where the "
                "half that was fitted has none, what is predicted is extrapolated.",
                folder.table("tail"),
            ),
        ]
    return found


def _tail_sentences(tails: pd.DataFrame, tail: pd.DataFrame) -> list[str]:
    """How well the better model of each source predicts the other half, at its rarest pairs."""
    said = []
    for source, own in tails.groupby("source", sort=False):
        better = own[own["better"]]
        if better.empty:
            continue
        model = better["model"].iloc[0]
        rows = where(tail, source=source, model=model)
        counted = rows[rows["tested_pairs"] >= RARE]
        if counted.empty:
            continue
        last = counted.iloc[-1]
        said.append(
            f"Of all pairs of pictures of different scenes, {last['tested_pairs']:,} score at "
            f"least {last['score']} by {source}; the {model} tail, fitted to other scenes, "
            f"predicts {rounded(last['foretold_pairs'], ',.1f')}."
        )
    return said


#: Pairs that are still told as counted.
RARE = 10


def _by_documents(axes: Axes, documents: "pd.Series[int]") -> None:
    """A logarithmic axis of documents, labelled at the sizes that were measured."""
    sizes = sorted(set(documents))
    axes.set_xscale("log")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes], rotation=30, ha="right")
    axes.minorticks_off()
    axes.set_xlabel("documents in the index")


def _lines(ylabel: str, title: str, lines: Mapping[str, pd.DataFrame], column: str) -> Figure:
    figure = Figure(figsize=(8.4, 5.2))
    axes = figure.subplots()
    for number, (name, own) in enumerate(lines.items()):
        axes.plot(own["documents"], own[column], "-", ms=5, label=name, **look_of(number))
    _by_documents(axes, next(iter(lines.values()))["documents"])
    axes.set_yscale("log")
    plain_log(axes.yaxis)
    axes.set_ylabel(ylabel)
    axes.set_title(title)
    figure.legend(loc="outside right upper")
    return figure


def latency(folder: RunFolder) -> Drawn:
    """Median milliseconds of a search by size, a line an index."""
    base = by_client(folder.table("search_cost"))
    data = base[["variant", "documents", "p50", "p95"]].reset_index(drop=True)
    lines = {str(name): own for name, own in data.groupby("variant", sort=False)}
    title = "What does a search take? One client, warm"
    return _lines("ms at the median, client's clock", title, lines, "p50"), data


def bytes_by_size(folder: RunFolder) -> Drawn:
    """Bytes a document by size, a line an index."""
    sizes = folder.table("sizes")
    own = sizes[sizes["origin"] == "collection"]
    data = own[["variant", "documents", "bytes_per_document"]].reset_index(drop=True)
    lines = {str(name): part for name, part in data.groupby("variant", sort=False)}
    label = "bytes a document (one merged segment)"
    return _lines(label, "What does a document take?", lines, "bytes_per_document"), data


def found_by_size(folder: RunFolder) -> Drawn:
    """Recall of the candidates and pooled precision by size, a line a source."""
    table = folder.table("quality")
    names = [table["measure"].iloc[0], UAP.name]
    data = table[table["measure"].isin(names)].reset_index(drop=True)
    figure = Figure(figsize=(10.4, 5.2))
    panels = figure.subplots(1, 2, sharex=True)
    colors = {name: COLORS[n % len(COLORS)] for n, name in enumerate(data["source"].unique())}
    for axes, measure in zip(panels, names, strict=True):
        own = data[data["measure"] == measure]
        if measure == names[0]:  # of the candidates as they are, whatever they are ranked by
            own = own[own["scoring"] == VALUE]
        for (source, scoring), line in own.groupby(["source", "scoring"], sort=False):
            look = "-" if scoring == VALUE else "--"
            label = str(source) if scoring == VALUE else f"{source}, background taken off"
            axes.plot(
                line["documents"], line["value"], look, marker="o", ms=4,
                color=colors[source], label=label,
            )  # fmt: skip
        _by_documents(axes, own["documents"])
        axes.set_title(measure)
    figure.legend(*panels[1].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    columns = ["documents", "source", "scoring", "measure", "value", "low", "high"]
    return figure, data[columns]


_OF_COST: dict[str, Drawing] = {
    "latency": (latency, "Median milliseconds of a search over documents, a line an index."),
    "bytes": (bytes_by_size, "Bytes a document over documents, a line an index."),
}
_OF_QUALITY: dict[str, Drawing] = {
    "found": (
        found_by_size,
        "Recall of the candidates and micro average precision over documents, a line for what is "
        "ranked by.",
    )
}
_OF_GRAPHS: dict[str, Drawing] = {
    "graphs": (
        found_in_time,
        "What graphs of neighbours find over milliseconds, a line a graph, from few candidates to "
        "many.",
    )
}


def search_figures(folder: RunFolder) -> dict[str, Drawing]:
    """Figures of searching and of what is found, of those that there are."""
    figures: dict[str, Drawing] = {}
    if (folder.path / "search_cost.parquet").is_file():
        figures |= _OF_COST
    if (folder.path / "quality.parquet").is_file():
        figures |= _OF_QUALITY
    if (folder.path / "live.parquet").is_file() and len(searched_graphs(folder.table("live"))):
        figures |= _OF_GRAPHS
    return figures
