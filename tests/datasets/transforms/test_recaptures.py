"""Captured again: on a screen with what else it shows, or from a print."""

import numpy as np
import pytest
import sklearn.datasets
from PIL import Image

from datasets.transforms import transform_families

FAMILIES = transform_families()
PrintScan = FAMILIES["print-scan"]
Screenshot = FAMILIES["screenshot"]


NOISE = np.random.default_rng(0).integers(0, 256, (150, 200, 3), dtype=np.uint8)


@pytest.mark.parametrize("percent", [10, 25, 50, 80])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_the_picture_is_whole_between_bars_of_that_share(
    percent: int, seed: int, mode: str
) -> None:
    image = Image.fromarray(NOISE).convert(mode)
    copy = Screenshot(percent)(image, np.random.default_rng(seed))
    bars = copy.height - 150
    assert bars / copy.height == pytest.approx(percent / 100, abs=0.005)
    above = round(0.6 * bars)
    assert copy.crop((0, above, 200, above + 150)).tobytes() == image.tobytes()
    for bar in (copy.crop((0, 0, 200, above)), copy.crop((0, above + 150, 200, copy.height))):
        assert len(np.unique(np.asarray(bar.convert("L")))) >= 3  # something is drawn


def test_browser_and_telephone_each_light_and_dark() -> None:
    image = Image.fromarray(NOISE)
    copies = {Screenshot(25)(image, np.random.default_rng(seed)).tobytes() for seed in range(30)}
    assert len(copies) == 4


PHOTOGRAPH = Image.fromarray(sklearn.datasets.load_sample_image("china.jpg"))


def test_paper_around_a_picture_of_less_contrast() -> None:
    image = Image.new("RGB", (400, 400))
    image.paste((255, 255, 255), (0, 200, 400, 400))
    copy = np.asarray(PrintScan(1)(image, np.random.default_rng(0)), dtype=float)
    assert copy.shape == (416, 416, 3)
    black, white = copy[30:180, 30:-30].mean(axis=(0, 1)), copy[230:380, 30:-30].mean(axis=(0, 1))
    assert (black > 15).all()
    assert (white < 250).all()
    assert white[0] > white[2]  # yellowish
    paper = copy[2:5, 20:-20].mean(axis=(0, 1))
    assert np.abs(paper - white).max() < 25


def test_fine_detail_is_lost_and_grain_comes() -> None:
    board = Image.fromarray((np.indices((300, 300)).sum(axis=0) % 2 * 255).astype(np.uint8))
    flat = Image.new("L", (300, 300), 128)
    fine, grain = (
        np.asarray(PrintScan(2)(each, np.random.default_rng(0)), dtype=float)[50:-50, 50:-50].std()
        for each in (board, flat)
    )
    assert fine < 60  # of 127.5
    assert grain > 4


def test_it_is_still_the_picture() -> None:
    copy = PrintScan(1)(PHOTOGRAPH, np.random.default_rng(0)).resize((32, 24)).convert("L")
    small = PHOTOGRAPH.resize((32, 24)).convert("L")
    one, other = (np.asarray(each, dtype=float).ravel() for each in (copy, small))
    assert np.corrcoef(one, other)[0, 1] > 0.9


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_seeds_differ_in_angle_shade_and_grain(mode: str) -> None:
    image = PHOTOGRAPH.resize((64, 43)).convert(mode)
    assert len({PrintScan(1)(image, np.random.default_rng(s)).tobytes() for s in range(10)}) == 10
