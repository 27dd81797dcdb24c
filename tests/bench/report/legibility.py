"""Find text in a figure that cannot be read: clipped, overlapping or tiny."""

from collections.abc import Iterator
from itertools import combinations

from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from bench.report.drawing import READ_WIDTH

#: Least size of text, in dots where the figure is `READ_WIDTH` wide.
SMALLEST = 9.0
#: Dots (of the figure's own) by which texts may touch: boxes are a little larger than letters.
_TOUCH = 1.0


def illegible(figure: Figure) -> list[str]:
    """What cannot be read in a figure, one sentence each."""
    figure.draw_without_rendering()
    # Of an annotation the text alone, not the arrow from it to its point.
    boxes = [(text, Text.get_window_extent(text)) for text in _texts(figure)]
    page = figure.bbox
    found = []
    for text, box in boxes:
        if box.x0 < page.x0 - 1 or box.y0 < page.y0 - 1:
            found.append(f"{text.get_text()!r} is cut off at the left or below")
        if box.x1 > page.x1 + 1 or box.y1 > page.y1 + 1:
            found.append(f"{text.get_text()!r} is cut off at the right or above")
        size = float(text.get_fontsize()) / 72 * READ_WIDTH / figure.get_figwidth()
        if size < SMALLEST:
            found.append(
                f"{text.get_text()!r} is {size:.1f} dots high at a width of {READ_WIDTH:.0f}"
            )
    for (one, a), (other, b) in combinations(boxes, 2):
        if _overlap(a, b):
            found.append(f"{one.get_text()!r} lies on {other.get_text()!r}")
    return found


def _overlap(a: Bbox, b: Bbox) -> bool:
    wide = min(a.x1, b.x1) - max(a.x0, b.x0)
    high = min(a.y1, b.y1) - max(a.y0, b.y0)
    return bool(wide > _TOUCH and high > _TOUCH)


def _texts(figure: Figure) -> Iterator[Text]:
    """Every text that is seen: labels of ticks outside of the limits are not."""
    of_ticks: set[Text] = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                of_ticks |= {tick.label1, tick.label2}
            if axes.get_visible() and axes.axison:
                yield from _tick_labels(axis)
    for found in figure.findobj(Text):
        if isinstance(found, Text) and found not in of_ticks and _is_seen(found):
            yield found


def _tick_labels(axis: Axis) -> Iterator[Text]:
    low, high = sorted(axis.get_view_interval())
    slack = 1e-9 * (high - low)
    for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
        if low - slack <= tick.get_loc() <= high + slack:
            yield from (label for label in (tick.label1, tick.label2) if _is_seen(label))


def _is_seen(text: Text) -> bool:
    seen = text.get_visible() and bool(text.get_text().strip())
    return seen and (text.axes is None or text.axes.get_visible())
