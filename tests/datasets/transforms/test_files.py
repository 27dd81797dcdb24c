"""Stored in a lossy or lossless format, and read again."""

import io

import numpy as np
import pytest
import skimage.data
from PIL import Image, features

from datasets.errors import TransformError
from datasets.transforms import get_transform, transform_families
from datasets.transforms.files import through_file

FAMILIES = transform_families()
Avif = FAMILIES["avif"]
CopydaysJpeg = FAMILIES["copydays-jpeg"]
Gif = FAMILIES["gif"]
Jpeg = FAMILIES["jpeg"]
Png = FAMILIES["png"]
Resize = FAMILIES["resize"]
Webp = FAMILIES["webp"]


NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (17, 33, 3), dtype=np.uint8))


@pytest.mark.parametrize("file_format", ["JPEG", "WEBP", "AVIF", "PNG"])
def test_the_picture_comes_back_in_its_size(file_format: str) -> None:
    copy = through_file(NOISE, file_format)
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


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_pixels_are_those_of_a_real_file(mode: str) -> None:
    image = Image.effect_noise((33, 17), 60).convert(mode)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=10)
    with Image.open(file) as expected:
        assert Jpeg(10)(image, np.random.default_rng(0)).tobytes() == expected.tobytes()


def test_quality_is_whole() -> None:
    with pytest.raises(TransformError, match=r"whole number, not 3\.5"):
        Jpeg(3.5)


@pytest.mark.parametrize("size", [(65_501, 1), (1, 65_501)])
def test_a_side_that_jpeg_cannot_hold_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(TransformError, match="65500 pixels a side"):
        Jpeg(30)(Image.new("L", size), np.random.default_rng(0))


def test_the_longest_side_that_jpeg_holds() -> None:
    assert Jpeg(30)(Image.new("L", (65_500, 1)), np.random.default_rng(0)).size == (65_500, 1)


@pytest.mark.parametrize("quality", [75, 3])
def test_a_sixteenth_of_the_pixels_in_a_jpeg_of_that_quality(quality: int) -> None:
    image = Image.fromarray(skimage.data.coffee())  # type: ignore[no-untyped-call]
    copy = CopydaysJpeg(quality)(image, np.random.default_rng(0))
    assert copy.width * copy.height * 16 == image.width * image.height
    file = io.BytesIO()
    image.resize((150, 100), Image.Resampling.LANCZOS).save(file, "JPEG", quality=quality)
    with Image.open(file) as expected:
        assert copy.tobytes() == expected.tobytes()


def test_resize_and_jpeg_one_after_the_other_do_the_same() -> None:
    image = Image.effect_noise((64, 48), 60)
    rng = np.random.default_rng(0)
    assert CopydaysJpeg(20)(image, rng).tobytes() == Jpeg(20)(Resize(25)(image, rng), rng).tobytes()


def test_a_tile_of_16_pixels_becomes_4() -> None:
    assert CopydaysJpeg(75)(Image.new("L", (16, 16)), np.random.default_rng(0)).size == (4, 4)


@pytest.mark.parametrize("shape", [(37, 53), (37, 53, 3)])
def test_nothing_is_lost(shape: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    copy = Png()(Image.fromarray(pixels), np.random.default_rng(0))
    np.testing.assert_array_equal(np.asarray(copy), pixels)


PHOTOGRAPH = Image.fromarray(skimage.data.coffee()).resize((150, 100))  # type: ignore[no-untyped-call]


def test_webp_pixels_are_those_of_a_real_file() -> None:
    file = io.BytesIO()
    PHOTOGRAPH.save(file, "WEBP", quality=40)
    assert file.getvalue()[8:16] == b"WEBPVP8 "  # lossy
    with Image.open(file) as expected:
        assert Webp(40)(PHOTOGRAPH, np.random.default_rng(0)).tobytes() == expected.tobytes()


def test_a_grey_picture_stays_grey_and_about_the_same() -> None:
    grey = PHOTOGRAPH.convert("L")
    copy = Webp(95)(grey, np.random.default_rng(0))
    assert copy.mode == "L"
    assert np.abs(np.asarray(copy, dtype=int) - np.asarray(grey)).mean() < 2


def test_avif_pixels_are_those_of_a_real_file() -> None:
    file = io.BytesIO()
    PHOTOGRAPH.save(file, "AVIF", quality=40, codec="aom", speed=10, max_threads=1)
    assert file.getvalue()[4:12] == b"ftypavif"
    with Image.open(file) as expected:
        assert Avif(40)(PHOTOGRAPH, np.random.default_rng(0)).tobytes() == expected.tobytes()


def test_avif_a_grey_picture_stays_grey_and_about_the_same() -> None:
    grey = PHOTOGRAPH.convert("L")
    copy = Avif(95)(grey, np.random.default_rng(0))
    assert copy.mode == "L"
    assert np.abs(np.asarray(copy, dtype=int) - np.asarray(grey)).mean() < 2


GIF_PHOTOGRAPH = Image.fromarray(skimage.data.coffee())  # type: ignore[no-untyped-call]


def colours(image: Image.Image) -> int:
    return len(np.unique(np.asarray(image).reshape(-1, 3), axis=0))


def test_a_photograph_has_at_most_256_colours_and_looks_alike() -> None:
    copy = Gif()(GIF_PHOTOGRAPH, np.random.default_rng(0))
    assert colours(GIF_PHOTOGRAPH) > 10_000
    assert 200 <= colours(copy) <= 256
    assert np.abs(np.asarray(copy, dtype=int) - np.asarray(GIF_PHOTOGRAPH)).mean() < 8


def test_every_grey_value_stays() -> None:
    ramp = Image.fromarray(np.arange(256, dtype=np.uint8).reshape(16, 16))
    copy = Gif()(ramp, np.random.default_rng(0))
    assert (copy.mode, copy.tobytes()) == ("L", ramp.tobytes())


@pytest.mark.parametrize("colour", [(1, 2, 3), (255, 0, 128)])
def test_one_colour_stays(colour: tuple[int, int, int]) -> None:
    flat = Image.new("RGB", (20, 10), colour)
    assert Gif()(flat, np.random.default_rng(0)).tobytes() == flat.tobytes()
