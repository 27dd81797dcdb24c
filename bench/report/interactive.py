"""Plots that answer to the pointer and to the arrow keys, as Vega-Lite specifications."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


@dataclass(frozen=True)
class Field:
    """A column of a plot's data.

    Parameters
    ----------
    name : str
        Of the column.
    title : str
        What a reader is told that it is, with its unit.
    log : bool
        Whether its axis is logarithmic.
    domain : (float, float), optional
        Ends of its axis; left out, those of the data.
    """

    name: str
    title: str
    log: bool = False
    domain: tuple[float, float] | None = None

    def axis(self, values: pd.DataFrame) -> dict[str, Any]:
        """The axis as Vega-Lite has it, from the least to the largest of these values."""
        numbers = values.to_numpy(float)
        domain = self.domain or (float(np.nanmin(numbers)), float(np.nanmax(numbers)))
        scale: dict[str, Any] = {"domain": list(domain), "nice": self.domain is None}
        if self.log:
            scale["type"] = "log"
        return {"field": self.name, "type": "quantitative", "title": self.title, "scale": scale}


@dataclass(frozen=True)
class Series:
    """What is told apart by colour.

    Parameters
    ----------
    field : Field
        The column.
    colors : mapping of str to str
        Colour of each of its values, in the order of the legend.
    """

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
    """Specify a plot.

    Returns
    -------
    dict
        A Vega-Lite specification with its data inline in ``datasets.points``, ordered by series
        and x; ``usermeta.fields`` lists what is told of a point, ``picked`` is the place of the
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
        mark = {"type": "area", "opacity": 0.15} if lines else {"type": "rule", "opacity": 0.7}
        ends = {"y": {**across, "field": low}, "y2": {"field": high}}
        layers.append({"mark": mark, "encoding": {**common, **ends}})
    if lines:
        layers.append({"mark": {"type": "line", "strokeWidth": 2}, "encoding": common})
    # Points of a line are found by the pointer without being seen.
    size, opacity = (60, 0) if lines else (28, 0.75)
    tooltip = [
        {**one, "type": "nominal"} if one["field"] == series.field.name else _told(points, one)
        for one in told
    ]
    layers.append(
        {
            "mark": {"type": "circle", "size": size, "opacity": opacity},
            "encoding": {**common, "tooltip": tooltip},
        }
    )
    layers.append(
        {
            "transform": [{"filter": "datum.place === picked"}],
            "mark": {"type": "point", "size": 160, "strokeWidth": 3},
            "encoding": common,
        }
    )
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
    """The same specification with its points as lists: names of columns stand once.

    Returns
    -------
    dict
        ``columns``, ``rows`` and ``spec``, whose ``datasets`` the page fills in.
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
    """A value as JSON has it, of no more digits than a reader can see."""
    if pd.isna(value):
        return None
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if pd.api.types.is_integer(value):
        return int(value)
    return float(f"{value:.5g}") if pd.api.types.is_float(value) else str(value)
