"""Grey levels of colours."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.color import rgb2gray, rgba2rgb

from imgsig.grey import blas_is_uniform, to_grey
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
    code = "import sys; from imgsig.grey import blas_is_uniform; sys.exit(not blas_is_uniform())"
    environment = os.environ | {"OPENBLAS_CORETYPE": kernels}
    done = subprocess.run([sys.executable, "-c", code], env=environment, check=False)
    # Where the processor lacks the instructions, OpenBLAS ends with an illegal one.
    assert done.returncode in (0, -signal.SIGILL)
