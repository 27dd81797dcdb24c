"""Which figures also answer to the pointer, each drawn from the data that is written beside it."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from bench.report.drawing import COLORS, MAIN_RANKINGS, RANKING_COLORS, RANKING_LABELS
from bench.report.interactive import Field, Series, interactive_plot

_RECALL = Field("recall", "recall of right images", domain=(0, 1))
_PRECISION = Field("precision", "precision of results", domain=(0, 1))
_BYTES = Field("bytes_per_document", "bytes a document", log=True)
#: Points of a curve nearer to each other than this, in recall and in precision, are one.
_NEAR = 0.002


def _rankings(data: pd.DataFrame) -> tuple[pd.DataFrame, Series]:
    data = data.assign(ranked_by=data["ranking"].map(RANKING_LABELS))
    present = set(data["ranking"])
    colors = {RANKING_LABELS[r]: RANKING_COLORS[r] for r in MAIN_RANKINGS if r in present}
    return data, Series(Field("ranked_by", "ranked by"), colors)


def ranking_curves(data: pd.DataFrame) -> dict[str, Any]:
    """Precision over recall; a point is a cutoff."""
    data, series = _rankings(data)
    steps = (data[["recall", "precision"]] / _NEAR).round().assign(ranking=data["ranking"])
    return interactive_plot(
        data[~steps.duplicated()],
        _RECALL,
        _PRECISION,
        series,
        also=[Field("cutoff", "cutoff"), Field("tp", "right"), Field("fp", "wrong")],
        lines=True,
        interval=("precision_low", "precision_high"),
    )


def score_against_distance(data: pd.DataFrame) -> dict[str, Any]:
    """Score and distance; a point is a query and a hit."""
    colors = {"right": COLORS[0], "wrong": "#8a8a8a"}
    order = data.sort_values("relation", key=lambda column: column == "right", kind="stable")
    return interactive_plot(
        order,
        Field("score", "score: equal words"),
        Field("distance", "distance of the signatures"),
        Series(Field("relation", "the hit is"), colors),
        also=[Field("query", "query"), Field("doc", "document")],
    )


def bytes_and_time(data: pd.DataFrame) -> dict[str, Any]:
    """Speed over bytes; a point is an index, the first one's speed is 1."""
    kinds = {True: "the same hits", False: "other hits"}
    speeds = ["search_ratio", "search_ratio_low", "search_ratio_high"]
    data = data.assign(hits=data["same_hits"].map(kinds), **data[speeds].fillna(1.0))
    return interactive_plot(
        data,
        _BYTES,
        Field("search_ratio", "speed of a search, times that of the first index"),
        Series(Field("hits", "finds"), dict(zip(kinds.values(), COLORS, strict=False))),
        interval=("search_ratio_low", "search_ratio_high"),
        also=[
            Field("variant", "index"),
            Field("search_p50", "median latency, ms"),
            Field("summary", "layout"),
            Field("codec_label", "signature"),
            Field("uAP", "uAP by score"),
        ],
    )


def pareto(data: pd.DataFrame) -> dict[str, Any]:
    """Quality over bytes; a point is a way of taking words."""
    data, series = _rankings(data)
    return interactive_plot(
        data,
        _BYTES,
        Field("value", "uAP"),
        series,
        also=[
            Field("variant", "words"),
            Field("layout", "layout"),
            Field("low", "interval from"),
            Field("high", "to"),
            Field("size_source", "size is"),
        ],
    )


def projections(data: pd.DataFrame) -> dict[str, Any]:
    """Gigabytes at sizes nobody measured; a point is an index and a size."""
    parts = ["primary_bytes", "primary_low", "primary_high"]
    data = data.assign(**{f"{part}_gb": data[part] / 1e9 for part in parts})
    names = data["variant"].astype(str).unique()
    return interactive_plot(
        data.assign(variant=data["variant"].astype(str)),
        Field("documents", "images", log=True),
        Field("primary_bytes_gb", "GB of primaries", log=True),
        Series(Field("variant", "index"), dict(zip(names, COLORS, strict=False))),
        also=[Field("primary_low_gb", "interval from"), Field("primary_high_gb", "to")],
        lines=True,
        interval=("primary_low_gb", "primary_high_gb"),
    )


#: By the name of the figure; from its data to a Vega-Lite specification.
INTERACTIVE: Mapping[str, Callable[[pd.DataFrame], dict[str, Any]]] = {
    "ranking_curves": ranking_curves,
    "score_against_distance": score_against_distance,
    "bytes_and_time": bytes_and_time,
    "pareto": pareto,
    "projections": projections,
}
