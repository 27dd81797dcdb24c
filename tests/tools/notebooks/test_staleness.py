"""The committed notebooks are up to date, and have no logic and no typed numbers."""

import ast
import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from bench.notebooks.results import data_folder, results_folder
from tools.notebooks.execution import read_notebook
from tools.notebooks.staleness import differences, same_pixels, stale

#: Numbers that are no result: names of files, of fields, of ports.
_ALLOWED = re.compile(r"`[^`]*`|\d\d_\w+|95 %")


def test_committed_notebooks_are_not_stale(notebooks):
    assert [path.name[:2] for path in notebooks] == ["01", "02", "03", "04", "05", "06"]
    for path in notebooks:
        assert stale(path, results=results_folder(), data=data_folder()) == [], path.name


def test_every_file_of_data_is_of_a_figure(notebooks):
    recorded = {
        name for path in notebooks for name in read_notebook(path).metadata["imgsig"]["data"]
    }
    assert recorded == {path.name for path in data_folder().iterdir()}


def test_notebooks_call_and_do_not_compute(notebooks):
    for path in notebooks:
        for cell in read_notebook(path).cells:
            if cell.cell_type == "markdown":
                assert not re.search(r"\d", _ALLOWED.sub("", cell.source)), cell.source
                continue
            for node in ast.walk(ast.parse(cell.source)):
                computes = (
                    ast.BinOp,
                    ast.If,
                    ast.For,
                    ast.FunctionDef,
                    ast.Lambda,
                    ast.comprehension,
                )
                assert not isinstance(node, computes), cell.source
            lines = [line for line in cell.source.splitlines() if not line.startswith("from ")]
            assert len(lines) <= 3, cell.source


def test_a_notebook_that_was_never_executed_is_stale(write_cells, tmp_path):
    (reason,) = stale(write_cells("1"), results=tmp_path, data=tmp_path)
    assert "was not executed" in reason


def png(pixels):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png")
    return base64.b64encode(buffer.getvalue()).decode()


@pytest.mark.parametrize(("change", "same"), [(0, True), (1, True), (9, False)])
def test_pictures_differ_by_more_than_rounding(change, same):
    pixels = np.full((20, 30, 3), 100, dtype=np.uint8)
    assert same_pixels(png(pixels), png(pixels + np.uint8(change))) is same
    assert not same_pixels(png(pixels), png(pixels[1:]))


def test_other_text_and_other_cells_are_differences(notebooks):
    before, after = (read_notebook(notebooks[3]) for _ in range(2))
    assert differences(before, after) == []
    cell = next(c for c in after.cells if c.id == "verdict-said")
    cell.outputs[0].data["text/markdown"] += "!"
    assert differences(before, after) == ["cell 'verdict-said' shows something else"]
    del after.cells[0]
    assert differences(before, after) == [
        f"{len(after.cells)} cells instead of {len(before.cells)}"
    ]
