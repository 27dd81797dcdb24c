"""What each rule makes of pixels, and what holds under all of them.

That ``path`` and ``bytes`` are image-match's rules is tested beside what was recorded of it.
"""

import io
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from imgsig import CorruptImageError, SignatureConfig, generate_signature
from imgsig.config import BACKGROUNDS, PIXEL_RULES, PixelRule
from imgsig.image import grey_levels, read_levels
from imgsig.levels import ExactLevels
from imgsig.pixels import orientation
from imgsig.reduced import ReducedLevels

RULES = [PixelRule(pixels=name) for name in PIXEL_RULES]


def noise(channels: int, dtype=np.uint8) -> np.ndarray:
    shape = (48, 64, channels) if channels > 1 else (48, 64)
    return np.random.default_rng(channels).integers(0, 256, shape).astype(dtype)


def saved(picture: Image.Image, name: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, name, **options)
    return buffer.getvalue()


def with_exif(value: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x112] = value
    return exif


def levels(image, rule: PixelRule) -> np.ndarray:
    return read_levels(image, rule=rule).whole()


@pytest.mark.parametrize("name", PIXEL_RULES)
@pytest.mark.parametrize("mode", ["RGB", "P"])
def test_colours_are_alike_under_every_rule(name, mode):
    data = saved(Image.fromarray(noise(3)).convert(mode))
    expected = generate_signature(data)
    np.testing.assert_array_equal(generate_signature(data, SignatureConfig(pixels=name)), expected)


@given(
    rule=st.builds(PixelRule, st.sampled_from(PIXEL_RULES), st.booleans()),
    channels=st.sampled_from([1, 3, 4]),
    dtype=st.sampled_from(["u1", "u2", ">u2", "i4", "f4", "f8"]),
    seed=st.integers(0, 3),
)
def test_arrays_are_alike_under_every_rule(rule, channels, dtype, seed):
    pixels = np.random.default_rng(seed).random((20, 24, channels)).squeeze()
    pixels = (pixels if "f" in dtype else pixels * 255).astype(dtype)
    np.testing.assert_array_equal(levels(pixels, rule), grey_levels(pixels))


@pytest.mark.parametrize("mode", ["1", "L", "I;16", "I", "F", "RGB", "LA", "RGBA", "P", "CMYK"])
@pytest.mark.parametrize("rule", RULES, ids=PIXEL_RULES)
def test_a_pillow_image_and_its_file_are_alike(mode, rule):
    grey = mode in ("1", "L", "I;16", "I", "F")
    picture = Image.fromarray(noise(1 if grey else 4 if mode == "RGBA" else 3))
    picture = picture.convert("I").convert(mode) if mode == "I;16" else picture.convert(mode)
    name = "TIFF" if mode in ("I", "F", "CMYK") else "PNG"
    np.testing.assert_array_equal(levels(picture, rule), levels(saved(picture, name), rule))


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "I;16", "CMYK", "P", "1"])
def test_by_bytes_a_picture_is_what_its_rgb_is(mode):
    pixels = noise(1).astype(np.uint16) * 257 if mode == "I;16" else noise(3)
    picture = Image.fromarray(pixels)
    picture = picture if mode == "I;16" else picture.convert(mode)
    as_rgb = grey_levels(picture.convert("RGB"))
    np.testing.assert_array_equal(levels(picture, PixelRule("bytes")), as_rgb)


def test_by_path_inks_are_taken_for_rgba():
    inks = noise(4)
    picture = Image.frombytes("CMYK", (64, 48), inks.tobytes())
    for cmyk in (picture, saved(picture, "TIFF"), saved(picture, "JPEG", quality=100)):
        inks = np.asarray(picture if cmyk is picture else Image.open(io.BytesIO(cmyk)))
        by_path = levels(cmyk, PixelRule("path"))
        np.testing.assert_array_equal(by_path, grey_levels(np.ascontiguousarray(inks)))


def test_a_tiff_by_path_needs_tifffile_and_others_do_not(monkeypatch):
    monkeypatch.setitem(sys.modules, "tifffile", None)
    picture, rule = Image.fromarray(noise(3)), PixelRule("path")
    with pytest.raises(CorruptImageError, match=r"pip install 'imgsig\[tiff\]'"):
        levels(saved(picture, "TIFF"), rule)
    assert levels(saved(picture), rule).shape == (48, 64)


def test_a_tiff_by_path_keeps_to_the_limit_of_pixels():
    data = saved(Image.fromarray(noise(3)), "TIFF")
    with pytest.raises(CorruptImageError, match="raise max_pixels"):
        generate_signature(data, SignatureConfig(pixels="path"), max_pixels=1000)


def test_damaged_tiffs_are_refused_by_path():
    data = saved(Image.fromarray(noise(3)), "TIFF")
    for kept in (5, 100, 2000):
        with pytest.raises(CorruptImageError):
            generate_signature(data[:kept], SignatureConfig(pixels="path"))


def test_frames_that_image_match_takes_for_channels_are_left_where_they_were():
    frames = [Image.fromarray(noise(1) // (1 + n)) for n in range(3)]
    data = saved(frames[0], save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(data)) as picture:
        picture.seek(1)
        by_path = levels(picture, PixelRule("path"))
        assert picture.tell() == 1
    channels = np.stack([np.asarray(frame) for frame in frames]).transpose(1, 2, 0)
    np.testing.assert_array_equal(by_path, grey_levels(channels))


@pytest.mark.parametrize("value", range(1, 9))
@pytest.mark.parametrize("rule", PIXEL_RULES)
@pytest.mark.parametrize("name", ["PNG", "TIFF", "JPEG", "WEBP"])
def test_with_exif_a_picture_is_what_viewers_show(value, rule, name):
    picture = Image.fromarray(noise(3))
    data = saved(picture, name, exif=with_exif(value))
    with Image.open(io.BytesIO(data)) as turned:
        shown = ImageOps.exif_transpose(turned).convert("RGB")
    found = levels(data, PixelRule(rule, exif=True))
    np.testing.assert_array_equal(found, grey_levels(shown))
    with Image.open(io.BytesIO(data)) as opened:
        np.testing.assert_array_equal(levels(opened, PixelRule("bytes", exif=True)), found)


def test_grey_pages_of_a_tiff_are_turned_before_they_are_taken_for_channels():
    frames = [Image.fromarray(noise(1) // (1 + n)) for n in range(3)]
    data = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:], tiffinfo={0x112: 6})
    turned = [np.asarray(frame.rotate(-90, expand=True)) for frame in frames]
    channels = np.stack(turned).transpose(1, 2, 0)
    found = levels(data, PixelRule("path", exif=True))
    np.testing.assert_array_equal(found, grey_levels(channels))


@pytest.mark.parametrize("value", [0, 9, "6", 1])
def test_orientations_that_mean_nothing_turn_nothing(value):
    picture = Image.new("RGB", (4, 3))
    picture.getexif()[0x112] = value
    assert orientation(picture) == 1


def test_damaged_exif_turns_nothing():
    data = bytearray(saved(Image.fromarray(noise(3)), "JPEG", exif=with_exif(6)))
    begin = data.index(b"Exif\0\0")
    data[begin + 6 : begin + 14] = b"\xff" * 8
    assert levels(bytes(data), PixelRule(exif=True)).shape == (48, 64)


def test_a_turned_file_is_decoded_exactly_in_fast_mode():
    data = saved(Image.new("RGB", (2800, 2700)), "JPEG", exif=with_exif(6))
    assert isinstance(read_levels(data, decode="fast"), ReducedLevels)
    assert isinstance(read_levels(data, decode="fast", rule=PixelRule(exif=True)), ExactLevels)


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("rule", ["uniform", "path"])
def test_what_is_transparent_has_the_level_of_what_is_behind(background, rule):
    nothing = np.zeros((8, 9, 4), dtype=np.uint8)
    for image in (nothing, Image.fromarray(nothing), saved(Image.fromarray(nothing))):
        found = levels(image, PixelRule(rule, alpha=background))
        np.testing.assert_allclose(found, BACKGROUNDS[background])


@pytest.mark.parametrize("rule", PIXEL_RULES)
@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA", "L", "P", "RGB", "1"])
def test_over_grey_every_transparent_pixel_is_half_bright(mode, rule):
    pixels = np.zeros((8, 9, 4), dtype=np.uint8)
    pixels[:, 4:, 3] = 255
    picture = Image.fromarray(pixels)
    options = {}
    if mode in ("L", "P", "RGB", "1"):  # where black is declared transparent
        drawn = np.where(pixels[:, :, 3] == 255, 255, 0).astype(np.uint8)
        picture = Image.fromarray(drawn).convert("RGB").convert(mode)
        options["transparency"] = picture.getpixel((0, 0))
    elif mode == "PA":
        picture = Image.new("PA", (9, 8))  # Pillow converts none to it that keeps its alpha
        for place in np.ndindex(5, 8):
            picture.putpixel((4 + place[0], place[1]), (0, 255))
    else:
        picture = picture.convert(mode)
    if mode == "PA":  # of no file, but of Pillow
        found = levels(picture, PixelRule(rule, alpha="grey"))
    else:
        found = levels(saved(picture, **options), PixelRule(rule, alpha="grey"))
    np.testing.assert_allclose(found[:, :4], 0.5)
    assert abs(found[:, 4:] - 0.5).min() > 0.4


@pytest.mark.parametrize("rule", PIXEL_RULES)
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK", "I;16"])
def test_options_leave_pictures_alone_that_are_upright_and_opaque(mode, rule):
    pixels = noise(1).astype(np.uint16) * 257 if mode == "I;16" else noise(3)
    picture = Image.fromarray(pixels)
    picture = picture if mode == "I;16" else picture.convert(mode)
    found = levels(picture, PixelRule(rule, exif=True, alpha="grey"))
    np.testing.assert_array_equal(found, levels(picture, PixelRule(rule)))
