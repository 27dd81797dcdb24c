"""What figures share: labels beside points, plain numbers on axes, a choice of rows."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

#: Where a label may stand around its point, best first: points right and up, and alignment.
_PLACES: list[tuple[float, float, Literal["left", "right"]]] = [
    (sign * (9 + reach), rise, "left" if sign > 0 else "right")
    for reach in (0, 24, 48, 90)
    for rise in (0, 11, -11, 22, -22, 34, -34, 46, -46, 60, -60)
    for sign in (1, -1)
]


def plain_log(axis: Axis) -> None:
    """Label a logarithmic axis at 1, 2 and 5 of each power of ten, in digits."""
    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axis.set_minor_formatter(NullFormatter())


def label_points(
    axes: Axes,
    xs: Sequence[float],
    ys: Sequence[float],
    labels: Sequence[str],
    colors: Sequence[str] | None = None,
    size: float = 9,
) -> None:
    """Write a label beside each point, clear of all other labels and points.

    The limits of the axes must be final. A label with no room beside its point is joined to it by a
    thin line.
    """
    figure = axes.figure
    if not isinstance(figure, Figure):
        raise TypeError(f"axes must belong to a Figure, not to a {type(figure).__name__}")
    figure.draw_without_rendering()
    page = figure.bbox
    dots = axes.transData.transform(list(zip(xs, ys, strict=True)))
    taken = [Bbox.from_bounds(x - 4, y - 4, 8, 8) for x, y in dots]
    legend = axes.get_legend()
    if legend is not None:
        taken.append(legend.get_window_extent())
    for number in sorted(range(len(labels)), key=lambda n: (-dots[n][1], dots[n][0])):
        point = axes.annotate(
            labels[number], (xs[number], ys[number]), xytext=_PLACES[0][:2],
            textcoords="offset points", va="center", fontsize=size,
            color=colors[number] if colors else "black", annotation_clip=False,
            bbox={"boxstyle": "square,pad=0.05", "fc": "white", "ec": "none", "alpha": 0.75},
            arrowprops={"arrowstyle": "-", "lw": 0.6, "color": "#888888", "shrinkB": 3},
        )  # fmt: skip
        for x, y, align in _PLACES:
            point.set_position((x, y))
            point.set_horizontalalignment(align)
            point.get_window_extent()  # moves the text into place
            box = Text.get_window_extent(point)
            inside = page.x0 <= box.x0 and box.x1 <= page.x1 and axes.bbox.y0 <= box.y0
            others = [other for n, other in enumerate(taken) if n != number]
            if inside and box.y1 <= page.y1 and not any(map(box.overlaps, others)):
                break
        if point.arrow_patch is not None:
            point.arrow_patch.set_visible(abs(x) > 9 or abs(y) > 11)
        taken.append(box)


def error_bars(rows: pd.DataFrame, value: str, low: str, high: str) -> NDArray[np.float64]:
    """Lengths of error bars to either side of the values: ``float64[2, rows]``, none negative."""
    ends = np.array([rows[value] - rows[low], rows[high] - rows[value]], dtype=np.float64)
    return np.clip(ends, 0, None)


def interval_points(
    axes: Axes,
    at: Any,
    rows: pd.DataFrame,
    look: dict[str, Any],
    value: str = "value",
    ends: tuple[str, str] = ("low", "high"),
    *,
    upright: bool = True,
) -> None:
    """Points at `at` with the interval of each, along y, or along x where not `upright`."""
    style: dict[str, Any] = {"fmt": "o", "capsize": 2} | look
    if upright:
        axes.errorbar(at, rows[value], yerr=error_bars(rows, value, *ends), **style)
    else:
        axes.errorbar(rows[value], at, xerr=error_bars(rows, value, *ends), **style)


def curve_in_band(
    axes: Axes, x: pd.Series, rows: pd.DataFrame, value: str, alpha: float, **style: Any
) -> None:
    """A curve of `value` over `x`, within the band of its interval ``_low`` to ``_high``."""
    low, high = rows[f"{value}_low"], rows[f"{value}_high"]
    axes.fill_between(x, low, high, color=style["color"], alpha=alpha, lw=0)
    axes.plot(x, rows[value], lw=2, **style)


def where(table: pd.DataFrame, **wanted: object) -> pd.DataFrame:
    """The rows that have these values in these columns."""
    rows = np.arange(len(table))
    for column, value in wanted.items():
        rows = rows[(table[column].take(rows) == value).to_numpy(dtype=bool, na_value=False)]
    return table.take(rows)


def spread(values: "pd.Series[float]", most: int) -> pd.Index:
    """Choose rows evenly from the smallest value to the largest, both included, in their order.

    No reader looks at two hundred panels.
    """
    if len(values) <= most:
        return values.index
    ordered = values.sort_values(kind="stable").index
    chosen = ordered[np.linspace(0, len(ordered) - 1, most).round().astype(int)]
    return values.index[values.index.isin(chosen)]


def titled(title: str, shown: int, total: int, by: str) -> str:
    """A title that says on a second line when a figure shows only a choice.

    >>> print(titled("Where do the bytes go?", 48, 200, "bytes"))
    Where do the bytes go?
    48 of 200, evenly from the least to the most bytes; all are in the table
    """
    if shown == total:
        return title
    choice = f"{shown} of {total:,}, evenly from the least to the most {by}; all are in the table"
    return f"{title}\n{choice}".lstrip()


def wrapped(name: str, width: int = 26) -> str:
    """A long index name on two lines, broken at a hyphen."""
    if len(name) <= width or "-" not in name[:width]:
        return name
    at = name.rindex("-", 0, width) + 1
    return name[:at] + "\n" + name[at:]
