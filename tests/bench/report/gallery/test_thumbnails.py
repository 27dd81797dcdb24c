"""Thumbnails are of the pictures they say, and stay out of what is committed."""

import io
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from bench.report.gallery.thumbnails import PICTURES, SIDE
from imgsig import generate_signature, normalized_distance

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[4]


def test_thumbnails_look_like_what_was_signed(finished):
    gallery = finished.folder.table("gallery")
    small = pd.read_parquet(finished.folder.path / PICTURES).set_index(["role", "number"])
    assert set(small.loc["query"].index) == set(gallery["query"])
    assert set(small.loc["doc"].index) == set(gallery["doc"])
    for role in ("query", "doc"):
        for row in gallery.drop_duplicates(role).to_dict("records"):
            entry = small.loc[(role, row[role])]
            picture = Image.open(io.BytesIO(entry["webp"]))
            assert picture.format == "WEBP"
            assert picture.size == (entry["width"], entry["height"])
            assert max(picture.size) <= SIDE
            signed = np.frombuffer(row[f"{role}_signature"], np.int8)
            again = generate_signature(np.asarray(picture.convert("RGB")))
            assert normalized_distance(again, signed)[0] < 0.4


@pytest.mark.parametrize("name", [PICTURES, "gallery.html"])
def test_git_ignores_photographs(name):
    path = f"results/reference/{name}"
    result = subprocess.run(["git", "check-ignore", "-q", path], cwd=ROOT, check=False)
    assert result.returncode == 0, f"{path} would be committed"
