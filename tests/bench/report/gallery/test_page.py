"""Example pairs as a page shows them; signatures as pictures, every value in its place."""

import base64
import io
import shutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from bench.kinds.run import report_again
from bench.report.gallery import PICTURES
from bench.report.gallery.page import (
    difference_picture,
    gallery_groups,
    has_photographs,
    score_of_examples,
    signature_picture,
)
from bench.report.gallery.pairs import KINDS
from bench.runs.folder import RunFolder
from imgsig import Grid


@pytest.mark.engine
def test_groups_tell_what_the_table_holds(finished):
    folder = finished.folder
    table = folder.table("gallery")
    groups = gallery_groups(folder, folder.manifest())
    cases = [case for group in groups for case in group["cases"]]
    assert len(cases) == (table["side"] == "about").sum()
    assert sum(len(case["sides"]) for case in cases) == len(table)
    assert cases[0]["sides"][0]["score"] == table["score"].iloc[0]
    assert score_of_examples(folder) == ("equal words", 63)


def test_a_name_is_on_one_line_and_in_its_own_order(tmp_path):
    folder, name = RunFolder(tmp_path), "two\nlines\u202egpj.jpg"
    signature = np.zeros(648, dtype=np.int8).tobytes()
    row = {"kind": next(iter(KINDS)), "case": 0, "query": 0, "doc": 0, "transform": "png"}
    row |= {"query_signature": signature, "doc_signature": signature}
    folder.write_table(
        "gallery", pd.DataFrame([row | {"query_original": name, "doc_original": name}])
    )
    ((case,),) = (group["cases"] for group in gallery_groups(folder, {"config": {"signature": {}}}))
    assert case["name"] == case["sides"][0]["name"] == r"two\nlines\u202egpj.jpg"


def drawn_before(folder: RunFolder, drawings) -> dict[str, bytes]:
    return {name: (folder.path / "figures" / f"{name}.svg").read_bytes() for name in drawings}


@pytest.mark.slow
@pytest.mark.engine
def test_a_run_without_photographs_or_without_a_gallery_is_drawn_all_the_same(
    finished, tmp_path, monkeypatch
):
    monkeypatch.setattr("bench.kinds.run.write_figures", drawn_before)
    shutil.copytree(finished.folder.path, tmp_path / "run")
    folder = RunFolder(tmp_path / "run")
    (folder.path / PICTURES).unlink()
    (folder.path / "gallery.html").unlink()
    assert not has_photographs(folder)
    report_again(folder)
    text = (folder.path / "report.html").read_text(encoding="utf-8")
    # The same page as where the photographs are, and no link to what need not be there.
    assert text == (finished.folder.path / "report.html").read_text(encoding="utf-8")
    assert 'href="gallery.html"' not in text
    assert "Signature of query" in text
    (folder.path / "gallery.parquet").unlink()
    assert gallery_groups(folder, folder.manifest()) == []


def cells(address: str) -> np.ndarray:
    content = base64.b64decode(address.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(content)))


@given(arrays(np.int8, 648, elements=st.integers(-2, 2)))
def test_all_values_can_be_read_back(signature):
    blocks = cells(signature_picture(signature, Grid())).reshape(9, 3, 9, 3).transpose(0, 2, 1, 3)
    flat = blocks.reshape(81, 9)
    assert (flat[:, 4] == 2).all()
    assert (np.delete(flat, 4, axis=1).astype(np.int8).ravel() - 2 == signature).all()


def test_a_difference_is_drawn_where_it_is():
    grid = Grid(3, diagonal_neighbors=False)
    a, b = np.zeros((2, grid.length), dtype=np.int8)
    a[4 * 4 + 2], b[4 * 4 + 2] = 2, -2  # the middle point and its right neighbour
    drawn = cells(difference_picture(a, b, grid))
    assert drawn.shape == (9, 9)
    assert np.argwhere(drawn).tolist() == [[4, 5]]
    assert drawn[4, 5] == 4
