"""Drawings of the explanation, made by the code that they explain."""

import io
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from bench.report.drawing import COLORS
from imgsig import Grid, generate_signature, get_words
from imgsig.image import read_levels
from imgsig.levels import Levels
from imgsig.signature import grid_points, mean_levels, sampled_window, square_side
from imgsig.words import word_positions

#: Element ids of an SVG are random unless they have a salt: drawings are the same in every build.
_STYLE: Any = {"svg.hashsalt": "guide", "svg.fonttype": "path", "font.size": 9}


def picture() -> NDArray[np.uint8]:
    """A made picture, 300 by 400: hills, a sun and a little grain."""
    rows, columns = np.mgrid[0:300, 0:400].astype(np.float64)
    sky = 235 - 0.35 * rows
    far = 120 + 25 * np.sin(columns / 37) + 12 * np.sin(columns / 11)
    near = 190 + 30 * np.sin(columns / 61 + 2) + 9 * np.sin(columns / 7)
    grey = np.where(rows > far, 140 - 0.15 * rows, sky)
    grey = np.where(rows > near, 70 + 0.1 * columns, grey)
    grey[(rows - 62) ** 2 + (columns - 290) ** 2 < 34**2] = 250
    grain = np.random.default_rng(0).normal(0, 2.5, grey.shape)
    levels: NDArray[np.uint8] = np.clip(grey + grain, 0, 255).astype(np.uint8)
    return levels


def grid_drawing() -> str:
    """The picture with its window, the 9×9 points and the square averaged around each."""
    shown = picture()
    levels = _levels(shown)
    window = sampled_window(levels, (5, 95))
    rows, columns = grid_points(window)
    side = square_side(shown.shape)
    figure = Figure(figsize=(7.2, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.35, 1))
    left.imshow(shown, cmap="gray", vmin=0, vmax=255)
    (top, bottom), (first, last) = window
    left.add_patch(Rectangle((first, top), last - first, bottom - top, fill=False, ec=COLORS[1]))
    for row in rows:
        for column in columns:
            corner = (column - side / 2, row - side / 2)
            left.add_patch(Rectangle(corner, side, side, fill=False, ec=COLORS[0], lw=0.9))
    left.set_title("9 × 9 points in the part where most happens")
    right.imshow(mean_levels(levels, rows, columns), cmap="gray")
    right.set_title("Mean grey level around each")
    for axes in (left, right):
        axes.set_xticks([])
        axes.set_yticks([])
    return _svg(figure, "A picture with its grid points, and the mean grey levels around them")


def neighbours_drawing() -> str:
    """One point, its 8 neighbours, and the values of the signature there."""
    signature = generate_signature(picture()).reshape(9, 9, 8)
    row, column = 3, 5
    figure = Figure(figsize=(4.2, 4.0), layout="constrained")
    axes = figure.subplots()
    levels = _levels(picture())
    means = mean_levels(levels, *grid_points(sampled_window(levels, (5, 95))))
    part = means[row - 1 : row + 2, column - 1 : column + 2]
    axes.imshow(part, cmap="gray", vmin=means.min(), vmax=means.max())
    for (down, across), value in zip(Grid().neighbors, signature[row, column], strict=True):
        axes.annotate(
            "",
            (1 + 0.72 * across, 1 + 0.72 * down),
            (1, 1),
            arrowprops={"arrowstyle": "->", "color": COLORS[1], "lw": 1.5},
        )
        axes.text(
            1 + across,
            1 + down,
            f"{value:+d}" if value else "0",
            ha="center",
            va="center",
            fontsize=13,
            bbox={"boxstyle": "round", "fc": "white", "ec": COLORS[1]},
        )
    axes.set_title("8 differences of one point, in five steps")
    axes.set_xticks([])
    axes.set_yticks([])
    return _svg(figure, "A grid point, arrows to its 8 neighbours, a value from -2 to 2 at each")


def words_drawing() -> str:
    """The first values of the signature and the first words that are cut of them."""
    signature = generate_signature(picture())
    shown, k, count = 56, 16, 5
    positions = word_positions(63)[:count]
    words = get_words(signature)[:count]
    figure = Figure(figsize=(7.2, 2.9), layout="constrained")
    axes = figure.subplots()
    signs = np.sign(signature[:shown])
    axes.imshow(
        signs[np.newaxis],
        cmap="PuOr",
        vmin=-1.6,
        vmax=1.6,
        extent=(0, shown, 0.0, 1.0),
        aspect="auto",
    )
    for place, value in enumerate(signs):
        axes.text(place + 0.5, 0.5, "−0+"[value + 1], ha="center", va="center", size=9)
    for number, (position, word) in enumerate(zip(positions, words, strict=True)):
        height = -0.55 - 0.75 * number
        axes.add_patch(Rectangle((position, height), k, 0.5, fc=COLORS[0], alpha=0.85, ec="none"))
        axes.text(
            position + k / 2, height + 0.25, f"{word:,}", ha="center", va="center", color="white"
        )
        axes.text(position + k + 0.5, height + 0.25, f"simple_word_{number}", va="center", size=8)
    axes.set_xlim(0, shown + 8)
    axes.set_ylim(-0.75 * count - 0.1, 1.1)
    axes.set_yticks([])
    axes.set_xlabel("position in the signature")
    axes.set_title("Words of 16 signs start every 10 or 11 values: neighbours share a third")
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    return _svg(figure, "Signs of a signature; below, the spans of the first five words")


DRAWINGS: dict[str, Callable[[], str]] = {
    "grid": grid_drawing,
    "neighbours": neighbours_drawing,
    "words": words_drawing,
}
"""Drawings by their file name."""


def _levels(pixels: NDArray[np.uint8]) -> Levels:
    return read_levels(pixels)


def _svg(figure: Figure, description: str) -> str:
    with mpl.rc_context(_STYLE):
        buffer = io.StringIO()
        metadata = {"Date": None, "Creator": None, "Description": description}
        figure.savefig(buffer, format="svg", metadata=metadata)
    return buffer.getvalue()
