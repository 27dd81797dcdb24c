"""Cutting tiles: once, and nothing false is believed of what is remembered."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng
from PIL import Image

from datasets.folder import FolderCollection
from datasets.originals import cut_originals, textured_tiles


@pytest.mark.slow
def test_damaged_entries_are_worked_out_again(tmp_path, monkeypatch):
    monkeypatch.setenv("IMGSIG_BENCH_CACHE", str(tmp_path / "cache"))
    (tmp_path / "pictures").mkdir()
    for number in range(5):
        pixels = default_rng(number).integers(0, 256, (128, 192, 3)).astype("uint8")
        Image.fromarray(pixels).save(tmp_path / "pictures" / f"{number}.png")
    collection = FolderCollection(tmp_path / "pictures")
    first = cut_originals(collection, [64])
    assert len(first) == 5 * (1 + 2 * 3)
    entries = list((tmp_path / "cache" / "tiles").iterdir())
    cut, changed, emptied, *_ = written = [path.read_bytes() for path in entries]
    spoilt = [
        cut[:-7],
        changed[:-3] + bytes([changed[-3] ^ 1]) + changed[-2:],
        emptied[:0],
        b"[[0, 0, 64, 64]]",
        written[0],
    ]
    for path, content in zip(entries, spoilt, strict=True):
        path.write_bytes(content)
    assert cut_originals(collection, [64]) == first
    assert [path.read_bytes() for path in entries] == written


def noise(height: int, width: int) -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


@given(height=st.integers(1, 150), width=st.integers(1, 150), side=st.integers(24, 60))
def test_tiles_of_one_side_cover_the_picture_without_overlap(height, width, side):
    boxes = textured_tiles(noise(height, width), [side])
    assert len(boxes) == (height // side) * (width // side)
    covered = np.zeros((height, width), dtype=int)
    for left, upper, right, lower in boxes:
        assert (right - left, lower - upper) == (side, side)
        covered[upper:lower, left:right] += 1
    assert covered.max(initial=0) <= 1
    assert covered.sum() == len(boxes) * side * side


def test_plain_areas_give_no_tiles():
    assert textured_tiles(Image.new("RGB", (300, 300), "teal"), [96]) == []
    faint = np.random.default_rng(0).normal(128, 3, (200, 200)).astype(np.uint8)
    assert textured_tiles(Image.fromarray(faint), [100]) == []


def test_half_plain_squares_are_left_out():
    pixels = np.asarray(noise(100, 100)).copy()
    pixels[:50] = 90
    assert textured_tiles(Image.fromarray(pixels), [100]) == []


def test_sides_come_in_the_order_given():
    boxes = textured_tiles(noise(64, 64), [64, 32])
    assert [right - left for left, _, right, _ in boxes] == [64, 32, 32, 32, 32]
