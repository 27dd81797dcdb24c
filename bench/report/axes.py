"""Labels beside points and plain figures on axes, so that a figure is read without a key."""

from collections.abc import Sequence
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from matplotlib.transforms import Bbox

#: Where a label may stand about its point, best first: points right and up, and alignment.
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
    """Write a label beside each point, where it lies on no other label and no other point.

    The limits of the axes must be final. A label that finds no place beside its point is joined to
    it by a thin line.
    """
    figure = axes.figure
    if not isinstance(figure, Figure):
        raise TypeError(f"axes of a figure are needed, these are of a {type(figure).__name__}")
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
            point.get_window_extent()  # moves the text to its place; that of the line is no matter
            box = Text.get_window_extent(point)
            inside = page.x0 <= box.x0 and box.x1 <= page.x1 and axes.bbox.y0 <= box.y0
            others = [other for n, other in enumerate(taken) if n != number]
            if inside and box.y1 <= page.y1 and not any(map(box.overlaps, others)):
                break
        if point.arrow_patch is not None:
            point.arrow_patch.set_visible(abs(x) > 9 or abs(y) > 11)
        taken.append(box)
