"""What graphs of neighbours find of the exact hits, and in what time: sentences and a figure."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from bench.index.variant import source_of, variants_of
from bench.report.axes import plain_log, where
from bench.report.drawing import Drawn, look_of
from bench.report.rounding import between, rounded
from bench.runs.folder import RunFolder

#: Share of the exact hits that a graph should find.
ENOUGH = 0.98

#: What is drawn of a graph over its milliseconds, where it was measured.
_FOUND = {
    "recall": "share of the exact hits",
    "candidate_recall": "share of queries with a right answer among the hits",
}


def largest_unfiltered(live: pd.DataFrame) -> pd.DataFrame:
    """Searches of all documents of the largest size."""
    largest = live[live["documents"] == live["documents"].max()]
    return where(largest, filtered_share=1.0) if "filtered_share" in largest else largest


def searched_graphs(live: pd.DataFrame) -> pd.DataFrame:
    """Those of graphs; of each the fewest candidates come first."""
    rows = largest_unfiltered(live)
    return rows[rows["num_candidates"] > 0]


def graph_sentences(live: pd.DataFrame) -> list[str]:
    """What each graph needs, at the largest size, to find nearly all that comparing finds."""
    said = []
    for variant, own in searched_graphs(live).groupby("variant", sort=False):
        enough = own[own["recall"] >= ENOUGH]
        row = (enough if len(enough) else own.sort_values("recall").tail(1)).iloc[0]
        lead = "finds" if len(enough) else f"never finds {ENOUGH:.0%}; it finds"
        beside = (
            f", {rounded(row['ratio_to_exact'], '.2f')} times as long as comparing with all "
            f"({between(row['ratio_low'], row['ratio_high'], '.2f')})"
            if np.isfinite(row["ratio_to_exact"])
            else ""
        )
        said.append(
            f"At {row['documents']:,} documents {variant} {lead} {rounded(row['recall'], '.1%')} "
            f"of the exact hits with {row['num_candidates']:,} candidates in "
            f"{rounded(row['latency_p50'], '.1f')} ms{beside}."
        )
    return said


def found_in_time(folder: RunFolder) -> Drawn:
    """What graphs find over milliseconds, a line a graph and a point a number of candidates.

    Stars are the indices that compare with everything which graphs are beside.
    """
    rows = largest_unfiltered(folder.table("live"))
    shown = [name for name in _FOUND if name in rows]
    columns = ["variant", "num_candidates", "latency_p50", "ratio_to_exact", *shown]
    data = rows[columns].reset_index(drop=True)
    graphs = data[data["num_candidates"] > 0]
    ranked_by = {one.index_name: source_of(one) for one in variants_of(folder.config())}
    exact = data[data["num_candidates"] == 0]
    exact = exact[~exact["variant"].map(ranked_by).duplicated()]  # as `live_table` has ratios
    exact = exact[exact["variant"].map(ranked_by).isin(graphs["variant"].map(ranked_by))]
    figure = Figure(figsize=(5.4 * len(shown) + 2.4, 5.2))
    panels = figure.subplots(1, len(shown), sharex=True, squeeze=False)[0]
    for axes, column in zip(panels, shown, strict=True):
        for number, (name, own) in enumerate(graphs.groupby("variant", sort=False)):
            times, found = own["latency_p50"], own[column]
            axes.plot(times, found, "-", ms=5, label=str(name), **look_of(number))
            for count, *at in zip(own["num_candidates"], times, found, strict=True):
                axes.annotate(f"{count:,}", at, (5, -9), textcoords="offset points", fontsize=7)
        for name, *at in exact[["variant", "latency_p50", column]].itertuples(index=False):
            axes.plot(*at, "*", color="black", ms=11, ls="none", label=f"{name}, all compared")
        axes.set_xscale("log")
        plain_log(axes.xaxis)
        axes.set_xlabel("ms at the median, client's clock; beside each point its candidates")
        axes.set_title(_FOUND[column])
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside right upper")
    return figure, pd.concat([exact, graphs], ignore_index=True)
