"""The default collection: what it must stay."""

import csv
import json
from pathlib import Path

import pytest

import datasets
from datasets import open_collection

pytestmark = pytest.mark.photos

FOLDER = Path(datasets.__file__).parent


@pytest.fixture(scope="module")
def photos():
    return open_collection("photos")


def test_what_is_in_it(photos):
    assert len(photos.photographs) == 155
    assert len({photo.group for photo in photos.photographs}) == 89
    assert len({photo.sha256 for photo in photos.photographs}) == 155
    assert len(photos.originals) > 25_000
    assert len({original.id for original in photos.originals}) == len(photos.originals)
    assert not photos.unreadable


def test_it_is_frozen(photos):
    """Figures of ``photos`` are comparable only as long as this hash stays what it is."""
    frozen = "f0b65078ffbd14347658b4f80b9ddf842b29a8e35a8b422f8f0ba691b1aff6a1"
    assert photos.manifest()["sha256"] == frozen
    reference = json.loads((FOLDER.parent / "results/reference/manifest.json").read_text())
    assert reference["dataset"]["sha256"] == frozen


def test_it_is_the_same_every_time(photos):
    again = open_collection("photos")
    assert again.manifest() == photos.manifest()
    assert again.originals == photos.originals


def test_files_are_the_ones_chosen(photos):
    for photo in (photos.photographs[0], photos.photographs[60], photos.photographs[-1]):
        picture = photos.open(photo.id)
        assert picture.size == (photo.width, photo.height)
        assert picture.mode in ("L", "RGB")


def test_stereo_pairs_and_series_share_a_group(photos):
    groups = {photo.id: photo.group for photo in photos.photographs}
    assert groups["mvtb-data/walls-l"] == groups["mvtb-data/walls-r"]
    assert groups["scikit-image/motorcycle_left"] == groups["scikit-image/motorcycle_right"]
    assert groups["scikit-image/coffee"] == "scikit-image/coffee"


def test_every_file_left_out_has_a_reason_and_is_not_used(photos):
    with (FOLDER / "photos_left_out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 56
    assert all(row["reason"] for row in rows)
    used = {photo.file for photo in photos.photographs}
    assert not used & {row["file"] for row in rows}
    assert any(row["file"].endswith("lena.png") for row in rows)
