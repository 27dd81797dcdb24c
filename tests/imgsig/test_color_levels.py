"""Grey levels of colours: their bits, those that Pillow lends, and those converted by parts."""

import gc
import io
import os
import signal
import subprocess
import sys

import numpy as np
import psutil
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image
from skimage.color import rgb2gray, rgba2rgb

from imgsig.color_levels import ColorLevels, blas_is_uniform, lent_pixels, to_grey
from imgsig.crop import limits_of_total, line_changes
from imgsig.image import grey_levels

#: Every type of number that pixels can have; the last have the bytes of other machines.
TYPES = [
    *("bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64"),
    *("float16", "float32", "float64", ">u2", ">i2", ">i4", ">f4", ">f8"),
]

#: How pixels can lie in memory: a view of an array that is larger, or laid out in another order.
LAYOUTS = {
    "C": lambda pixels: pixels,
    "F": np.asfortranarray,
    "transposed": lambda pixels: pixels.transpose(1, 0, 2),
    "every other": lambda pixels: pixels[::2, ::3],
    "from below": lambda pixels: pixels[::-1],
    "mirrored": lambda pixels: pixels[:, ::-1],
    "BGR": lambda pixels: pixels[:, :, ::-1],
    "planes": lambda pixels: np.ascontiguousarray(pixels.transpose(2, 0, 1)).transpose(1, 2, 0),
    "within": lambda pixels: np.pad(pixels, ((1, 2), (3, 1), (0, 1)))[1:-2, 3:-1, :-1],
    "one row": lambda pixels: np.broadcast_to(pixels[:1], pixels.shape),
}


def reference(pixels: np.ndarray) -> np.ndarray:
    """What scikit-image makes of the pixels of a picture; grey ones the reference leaves alone."""
    if pixels.ndim == 2:
        return pixels
    return rgb2gray(rgba2rgb(pixels) if pixels.shape[2] == 4 else pixels)


def assert_same_bits(levels: np.ndarray, expected: np.ndarray) -> None:
    assert levels.shape == expected.shape
    assert levels.dtype == expected.dtype
    assert levels.tobytes() == expected.tobytes()


def noise(pixel_type: str, shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    """Pixels over the whole range of their type: 0..1 for floats, the bounds among them."""
    rng, dtype = np.random.default_rng(seed), np.dtype(pixel_type)
    if dtype.kind == "f":
        return rng.choice([0.0, 1.0, *rng.random(200)], shape).astype(dtype)
    if dtype.kind == "b":
        return rng.random(shape) < 0.5
    least, most = np.iinfo(dtype).min, np.iinfo(dtype).max
    native = dtype.newbyteorder("=").type
    pixels = rng.integers(least, most, shape, dtype=native, endpoint=True)
    pixels.flat[:2] = least, most
    return pixels.astype(dtype)


@given(
    pixel_type=st.sampled_from(TYPES),
    layout=st.sampled_from(list(LAYOUTS)),
    height=st.integers(1, 130),
    width=st.integers(1, 130),
    channels=st.sampled_from([3, 4]),
    seed=st.integers(0, 2**32),
)
@settings(max_examples=400)
def test_grey_levels_are_those_of_scikit_image(pixel_type, layout, height, width, channels, seed):
    pixels = LAYOUTS[layout](noise(pixel_type, (height, width, channels), seed))
    assert_same_bits(to_grey(pixels), reference(pixels))


@given(
    pixels=st.sampled_from(["uint8", "int16", "float16", "float32", "float64"]).flatmap(
        lambda pixel_type: arrays(
            pixel_type, st.tuples(st.integers(1, 40), st.integers(1, 40), st.sampled_from([3, 4]))
        )
    )
)
def test_so_are_those_of_numbers_that_are_no_colours(pixels):
    with np.errstate(all="ignore"):
        levels, expected = to_grey(pixels), reference(pixels)
    assert levels.dtype == expected.dtype
    np.testing.assert_array_equal(levels, expected)


@pytest.mark.slow
@pytest.mark.parametrize("pixel_type", TYPES)
@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("shape", [(1, 1), (1, 4099), (4099, 1), (997, 1013)])
def test_so_are_those_of_large_and_odd_pictures(pixel_type, channels, shape):
    pixels = noise(pixel_type, (*shape, channels))
    assert_same_bits(to_grey(pixels), reference(pixels))


@pytest.mark.parametrize("pixel_type", TYPES)
@pytest.mark.parametrize("channels", [(), (3,), (4,)], ids=["grey", "RGB", "RGBA"])
@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (7, 1), (211, 183)])
def test_a_picture_has_the_grey_levels_of_scikit_image(pixel_type, channels, shape):
    pixels = noise(pixel_type, (*shape, *channels))
    assert_same_bits(grey_levels(pixels), reference(pixels))


def test_this_blas_is_uniform():
    # False costs time only, but it should be known.
    assert blas_is_uniform()


@pytest.mark.parametrize("kernels", ["Nehalem", "Haswell", "SkylakeX"])
def test_the_kernels_of_openblas_are_uniform(kernels):
    code = "from imgsig import color_levels as c; raise SystemExit(not c.blas_is_uniform())"
    environment = os.environ | {"OPENBLAS_CORETYPE": kernels}
    done = subprocess.run([sys.executable, "-c", code], env=environment, check=False)
    # Where the processor lacks the instructions, OpenBLAS ends with an illegal one.
    assert done.returncode in (0, -signal.SIGILL)


def picture_of_noise(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@given(height=st.integers(1, 60), width=st.integers(1, 60), seed=st.integers(0, 99))
def test_they_are_those_of_the_picture(height, width, seed):
    pixels = picture_of_noise(height, width, seed)
    np.testing.assert_array_equal(lent_pixels(Image.fromarray(pixels))[:, :, :3], pixels)


@pytest.mark.parametrize("format_", ["png", "jpeg", "webp", "bmp", "tiff", "gif"])
def test_they_are_those_of_a_file(format_):
    buffer = io.BytesIO()
    Image.fromarray(picture_of_noise(50, 70)).save(buffer, format_)
    picture = Image.open(buffer).convert("RGB")
    np.testing.assert_array_equal(lent_pixels(picture)[:, :, :3], np.asarray(picture))


def test_they_outlive_the_picture():
    pixels = picture_of_noise(300, 400)
    picture = Image.fromarray(pixels)
    lent = lent_pixels(picture)[5:, 7:]
    picture.close()
    del picture
    gc.collect()
    others = [Image.new("RGB", (400, 300), "red") for _ in range(20)]
    np.testing.assert_array_equal(lent[:, :, :3], pixels[5:, 7:])
    assert len(others) == 20


def test_they_are_given_back():
    process = psutil.Process()
    before = process.memory_info().rss
    for _ in range(100):  # 480 MB, were they not
        assert lent_pixels(Image.new("RGB", (1200, 1000))).size == 4_800_000
    assert process.memory_info().rss - before < 100_000_000


def test_they_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        lent_pixels(Image.new("RGB", (2, 2)))[0, 0] = 1


def test_pictures_in_several_pieces_of_memory_are_not_lent():
    picture = Image.new("RGB", (4000, 2000))
    assert lent_pixels(picture) is None
    assert lent_pixels(Image.new("L", (20, 10))) is None


SIZES = st.integers(2, 130)


@given(
    height=SIZES,
    width=SIZES,
    channels=st.sampled_from([3, 4]),
    dtype=st.sampled_from([np.uint8, np.uint16, np.float64]),
    seed=st.integers(0, 2**32 - 1),
)
@example(height=125, width=125, channels=4, dtype=np.uint8, seed=125)  # squares too large to share
def test_regions_and_squares_are_cut_from_the_whole(height, width, channels, dtype, seed):
    rng = np.random.default_rng(seed)
    pixels = rng.random((height, width, channels))
    if dtype != np.float64:
        pixels = (pixels * np.iinfo(dtype).max).astype(dtype)
    grey, levels = to_grey(pixels), ColorLevels.of_array(pixels)
    np.testing.assert_array_equal(levels.whole(), grey)
    (top, bottom), (left, right) = (
        sorted(rng.choice(size + 1, 2, replace=False)) for size in (height, width)
    )
    np.testing.assert_array_equal(
        levels.region(top, bottom, left, right), grey[top:bottom, left:right]
    )
    edges = []
    for size in (height, width):
        first = np.sort(rng.integers(0, size, 5))
        edges.append((first, np.minimum(first + rng.integers(1, size + 1), size)))
    means = [
        [grey[a:b, c:d].mean() for c, d in zip(*edges[1], strict=True)]
        for a, b in zip(*edges[0], strict=True)
    ]
    np.testing.assert_array_equal(levels.square_means(*edges), means)


@given(
    seed=st.integers(0, 2**32 - 1), axis=st.sampled_from([0, 1]), channels=st.sampled_from([3, 4])
)
def test_constant_lines_are_those_of_one_colour(seed, axis, channels):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 2, (*rng.integers(2, 6, 2), channels), dtype=np.uint8)
    if axis == 0:
        pixels[1] = pixels[1, 0]
    else:
        pixels[:, 1] = pixels[0, 1]
    levels = ColorLevels.of_array(pixels)
    height, width = levels.shape
    found = levels.constant_lines(0, height, 0, width, axis)
    lines = pixels if axis == 0 else pixels.swapaxes(0, 1)
    assert found.tolist() == [bool((line == line[0]).all()) for line in lines]
    changes = line_changes(levels.whole(), axis)
    assert not changes[found].any()


@pytest.mark.parametrize("border", [0, 1, 40, 100])
def test_a_plain_border_is_cut_off_as_if_every_line_were_added_up(border):
    rng = np.random.default_rng(border)
    pixels = np.full((230, 260, 3), 250, dtype=np.uint8)
    inside = pixels[border : 230 - border, 2 * border // 2 : 260 - border]
    inside[...] = rng.integers(0, 256, inside.shape)
    levels = ColorLevels.of_array(pixels)
    grey = levels.whole()
    for axis in (0, 1):
        expected = limits_of_total(np.cumsum(line_changes(grey, axis)), (5, 95))
        assert levels.limits(axis, (5, 95)) == expected
