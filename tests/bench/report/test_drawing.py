"""Colours are told apart by everybody; figures are written in every form, with their data."""

from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from colorspacious import cspace_convert, deltaE
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from bench.report.drawing import COLORS, RANKING_COLORS, ink_on, png_bytes, style, write_figures
from bench.report.storage_figures import PART_COLORS
from bench.runs.folder import RunFolder

DEFICIENCIES = ("deuteranomaly", "protanomaly", "tritanomaly")
#: Colours of a stacked bar that stand side by side in the committed runs.
NEIGHBOURS = ("words: index", "words: doc values", "signature: index", "signature: doc values",
              "vector", "JSON source", "path", "internal")  # fmt: skip


def seen(color, deficiency):
    space = {"name": "sRGB1+CVD", "cvd_type": deficiency, "severity": 100}
    return np.clip(cspace_convert(to_rgb(color), space, "sRGB1"), 0, 1)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize(
    "palette", [COLORS[:3], tuple(RANKING_COLORS.values()), COLORS[:7]], ids=len
)
def test_lines_are_told_apart_with_any_colour_vision(palette, deficiency):
    for one, other in combinations(dict.fromkeys(palette), 2):
        # In CAM02-UCS a difference of 1 is just seen; 8 is plain at a glance.
        assert deltaE(seen(one, deficiency), seen(other, deficiency), input_space="sRGB1") > 8


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_neighbouring_parts_of_bars_are_told_apart(deficiency):
    for one, other in pairwise(NEIGHBOURS):
        a, b = (seen(PART_COLORS[part], deficiency) for part in (one, other))
        assert deltaE(a, b, input_space="sRGB1") > 8


def test_parts_are_told_apart_at_all():
    for one, other in combinations(PART_COLORS.values(), 2):
        assert deltaE(to_rgb(one), to_rgb(other), input_space="sRGB1") > 8


@pytest.mark.parametrize("color", [*COLORS, *PART_COLORS.values()])
def test_figures_in_bars_have_enough_contrast(color):
    def luminance(rgb):
        rgb = np.asarray(rgb)
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        return linear @ (0.2126, 0.7152, 0.0722)

    low, high = sorted((luminance(to_rgb(color)), luminance(to_rgb(ink_on(color)))))
    assert (high + 0.05) / (low + 0.05) >= 4.5  # WCAG 2.2, level AA


def test_equal_figures_give_equal_bytes_without_a_program_s_name(tmp_path):
    pictures = []
    for _ in range(2):
        with style():
            figure = Figure(figsize=(2, 1))
            figure.subplots().plot([1, 2])
            pictures.append(png_bytes(figure, dpi=50))
    assert pictures[0] == pictures[1]
    (tmp_path / "a.png").write_bytes(pictures[0])
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (100, 50)
        assert set(picture.info) == {"dpi"}


def test_png_svg_and_data_are_written(tmp_path):
    def draw(folder: RunFolder) -> tuple[Figure, pd.DataFrame]:
        figure = Figure()
        figure.subplots().plot([1, 2], [3, 4])
        return figure, pd.DataFrame({"x": [1, 2], "y": [3, 4]})

    svgs = write_figures(RunFolder(tmp_path), {"line": (draw, "A line.")})
    figures = tmp_path / "figures"
    assert (figures / "line.svg").read_bytes() == svgs["line"]
    assert b"<svg" in svgs["line"]
    assert (figures / "line.png").read_bytes().startswith(b"\x89PNG")
    assert (figures / "line.csv").read_text() == "x,y\n1,3\n2,4\n"
