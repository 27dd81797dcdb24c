import numpy as np
import pytest
from PIL import Image, features

from datasets.errors import TransformError
from datasets.transforms import get_transform
from datasets.transforms.file_format import through_file

NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (17, 33, 3), dtype=np.uint8))


@pytest.mark.parametrize("file_format", ["JPEG", "WEBP", "AVIF", "PNG"])
def test_the_picture_comes_back_in_its_size(file_format: str) -> None:
    copy = through_file(NOISE, "x", file_format)
    assert (copy.mode, copy.size) == ("RGB", (33, 17))
    assert type(copy) is Image.Image


@pytest.mark.parametrize(
    ("transform", "size", "limit"),
    [
        ("webp-80", (16_384, 1), 16_383),
        ("avif-50", (1, 32_769), 32_768),
        ("gif", (65_536, 1), 65_535),
        ("copydays-jpeg-75", (262_004, 1), 65_500),
    ],
)
def test_a_side_that_the_format_cannot_hold_is_refused(
    transform: str, size: tuple[int, int], limit: int
) -> None:
    with pytest.raises(TransformError, match=rf"{transform} cannot edit .*at {limit} pixels"):
        get_transform(transform)(Image.new("L", size), np.random.default_rng(0))


@pytest.mark.parametrize(
    ("transform", "size"),
    [("webp-80", (16_383, 1)), ("gif", (65_535, 1)), ("avif-50", (32_768, 1))],
)
def test_the_longest_side_that_the_format_holds(transform: str, size: tuple[int, int]) -> None:
    copy = get_transform(transform)(Image.new("L", size), np.random.default_rng(0))
    assert copy.size == size


def test_a_pillow_without_the_format_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda feature: feature != "avif")
    with pytest.raises(TransformError, match="avif-50 needs a Pillow that writes AVIF"):
        get_transform("avif-50")(NOISE, np.random.default_rng(0))
