"""Plots that answer to the pointer and to the arrow keys, as Vega-Lite specifications.

Each is drawn from the data that is written beside the figure of the same name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bench.evaluate.measures import UAP
from bench.report.drawing import COLORS, MAIN_RANKINGS, RANKING_COLORS, RANKING_LABELS

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


@dataclass(frozen=True)
class Field:
    """A column of a plot's data and its title, with the unit; `domain` defaults to the data's."""

    name: str
    title: str
    log: bool = False
    domain: tuple[float, float] | None = None

    def axis(self, values: pd.DataFrame) -> dict[str, Any]:
        """The axis in Vega-Lite's terms, from the least to the largest of these values."""
        numbers = values.to_numpy(float)
        domain = self.domain or (float(np.nanmin(numbers)), float(np.nanmax(numbers)))
        scale: dict[str, Any] = {"domain": list(domain), "nice": self.domain is None}
        if self.log:
            scale["type"] = "log"
        return {"field": self.name, "type": "quantitative", "title": self.title, "scale": scale}


@dataclass(frozen=True)
class Series:
    """A column whose values are told apart by colour, in the order of the legend."""

    field: Field
    colors: Mapping[str, str]


def interactive_plot(
    data: pd.DataFrame,
    x: Field,
    y: Field,
    series: Series,
    *,
    also: Sequence[Field] = (),
    lines: bool = False,
    interval: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """A Vega-Lite specification with its data inline in ``datasets.points``, by series and x.

    ``usermeta.fields`` lists what is said of a point; the parameter ``picked`` is the place of the
    point chosen by keys.
    """
    fields = [series.field, x, y, *also]
    columns = [*dict.fromkeys([*(field.name for field in fields), *(interval or ())])]
    points = data[columns].dropna(subset=[x.name, y.name])
    points = points[points[series.field.name].isin(list(series.colors))]
    rank = {name: place for place, name in enumerate(series.colors)}
    order = points.assign(_rank=points[series.field.name].map(rank))
    points = points.loc[order.sort_values(["_rank", x.name], kind="stable").index]
    told = [{"field": field.name, "title": field.title} for field in fields]
    color = {
        "field": series.field.name,
        "type": "nominal",
        "title": None,
        "scale": {"domain": [*series.colors], "range": [*series.colors.values()]},
        "legend": {"orient": "top", "columns": 2, "labelLimit": 260},
    }
    along, across = x.axis(points[[x.name]]), y.axis(points[[y.name, *(interval or ())]])
    common = {"x": along, "y": across, "color": color}
    layers: list[dict[str, Any]] = []
    if interval is not None:
        low, high = interval
        mark: dict[str, Any]
        mark = {"type": "area", "opacity": 0.15} if lines else {"type": "rule", "opacity": 0.7}
        ends = {"y": {**across, "field": low}, "y2": {"field": high}}
        layers.append({"mark": mark, "encoding": {**common, **ends}})
    if lines:
        layers.append({"mark": {"type": "line", "strokeWidth": 2}, "encoding": common})
    # Points of a line answer to the pointer but are not drawn.
    size, opacity = (60, 0) if lines else (28, 0.75)
    tooltip = [
        {**one, "type": "nominal"} if one["field"] == series.field.name else _told(points, one)
        for one in told
    ]
    mark = {"type": "circle", "size": size, "opacity": opacity}
    layers.append({"mark": mark, "encoding": {**common, "tooltip": tooltip}})
    mark, picked = {"type": "point", "size": 160, "strokeWidth": 3}, "datum.place === picked"
    layers.append({"transform": [{"filter": picked}], "mark": mark, "encoding": common})
    rows = [
        {key: _plain(value) for key, value in row.items()} | {"place": place}
        for place, row in enumerate(points.to_dict("records"))
    ]
    return {
        "$schema": _SCHEMA,
        "width": "container",
        "height": 340,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "params": [{"name": "picked", "value": -1}],
        "datasets": {"points": rows},
        "data": {"name": "points"},
        "layer": layers,
        "usermeta": {"fields": told},
    }


def packed(plot: dict[str, Any]) -> dict[str, Any]:
    """The same plot as ``columns``, ``rows`` and ``spec``, so that column names appear only once.

    The page fills in the ``datasets`` of ``spec``.
    """
    points = plot["datasets"]["points"]
    columns = list(points[0]) if points else []
    return {
        "columns": columns,
        "rows": [[row[column] for column in columns] for row in points],
        "spec": {**plot, "datasets": {}},
    }


def _told(points: pd.DataFrame, field: Mapping[str, str]) -> dict[str, Any]:
    numeric = pd.api.types.is_numeric_dtype(points[field["field"]])
    kind = {"type": "quantitative", "format": ",.4~g"} if numeric else {"type": "nominal"}
    return {**field, **kind}


def _plain(value: Any) -> Any:
    """A value for JSON, with no more digits than a reader can see."""
    if pd.isna(value):
        return None
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if pd.api.types.is_integer(value):
        return int(value)
    return float(f"{value:.5g}") if pd.api.types.is_float(value) else str(value)


_TOLD_OF_WORDS = {"variant": "words", "layout": "layout", "low": "interval from", "high": "to"}
_TOLD_OF_WORDS |= {"size_source": "size is"}
_RECALL = Field("recall", "recall of right images", domain=(0, 1))
_PRECISION = Field("precision", "precision of results", domain=(0, 1))
_BYTES = Field("bytes_per_document", "bytes a document", log=True)
#: Points of a curve closer than this, in recall and in precision, are drawn as one.
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
    """Speed over bytes; a point is an index, the speed of the first that is timed is 1."""
    kinds = {True: "the same hits", False: "other hits"}
    data = data.assign(hits=data["same_hits"].map(kinds))
    first = "the first index" if (data["saved"] == 0).any() else "the first that is timed"
    return interactive_plot(
        data,
        _BYTES,
        Field("search_ratio", f"speed of a search, times that of {first}"),
        Series(Field("hits", "finds"), dict(zip(kinds.values(), COLORS, strict=False))),
        interval=("search_ratio_low", "search_ratio_high"),
        also=[
            Field("variant", "index"),
            Field("search_p50", "median latency, ms"),
            Field("summary", "layout"),
            Field("codec_label", "signature"),
            Field(UAP.name, f"{UAP.name} by score"),
        ],
    )


def pareto(data: pd.DataFrame) -> dict[str, Any]:
    """Quality over bytes; a point is a way of taking words."""
    data, series = _rankings(data)
    return interactive_plot(
        data,
        _BYTES,
        Field("value", UAP.name),
        series,
        also=[*map(Field, _TOLD_OF_WORDS, _TOLD_OF_WORDS.values())],
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


#: By name of the figure: from its data to a Vega-Lite specification.
INTERACTIVE: Mapping[str, Callable[[pd.DataFrame], dict[str, Any]]] = {
    "ranking_curves": ranking_curves,
    "score_against_distance": score_against_distance,
    "bytes_and_time": bytes_and_time,
    "pareto": pareto,
    "projections": projections,
}
