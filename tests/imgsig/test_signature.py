"""Signatures against the reference, bit for bit."""

import io
import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from imgsig import ConfigError, SignatureConfig, generate_signature, normalized_distance

MADE = np.load(Path(__file__).parent / "fixture" / "made.npz")
SIDES = st.integers(1, 45)
CONFIGS = [json.loads(config) for config in MADE["configs"]]


def test_golden_signatures_are_equal(golden, golden_paths):
    assert len(golden_paths) == 29
    for path, expected in zip(golden_paths, golden["signatures"], strict=True):
        np.testing.assert_array_equal(generate_signature(path), expected, err_msg=path.name)


@pytest.mark.parametrize("name", MADE["names"].tolist())
def test_made_pictures_equal_the_reference_for_every_parameter(name):
    data = MADE[f"file_{name}"].tobytes()
    compared = 0
    for index, config in enumerate(CONFIGS):
        if f"signature_{name}_{index}" in MADE:
            ours = generate_signature(data, SignatureConfig(**config))
            np.testing.assert_array_equal(
                ours, MADE[f"signature_{name}_{index}"], err_msg=f"{name} {config}"
            )
            compared += 1
    assert compared >= 9


def test_made_pictures_of_all_shapes_equal_the_reference(many):
    assert len(many) == 1100
    different = [
        name for name, data, expected in many if (generate_signature(data) != expected).any()
    ]
    assert not different


@pytest.mark.parametrize("start", range(0, 1100, 100))
def test_arrays_equal_the_plain_computation(many, plain_signature, start):
    compared = 0
    for name, data, expected in many[start : start + 100]:
        pixels = np.asarray(Image.open(io.BytesIO(data)))
        if "palette" not in name and "RGBA" not in name:  # what the numbers mean is in the file
            np.testing.assert_array_equal(plain_signature(pixels), expected, err_msg=name)
            np.testing.assert_array_equal(generate_signature(pixels), expected, err_msg=name)
            compared += 1
    assert compared > 70


@given(
    pixels=st.one_of(
        arrays(np.uint8, st.tuples(SIDES, SIDES, st.just(3)), elements=st.integers(0, 255)),
        arrays(np.float64, st.tuples(SIDES, SIDES), elements=st.floats(0, 1)),
        arrays(np.uint16, st.tuples(SIDES, SIDES), elements=st.sampled_from([0, 1, 65535])),
        arrays(np.int16, st.tuples(SIDES, SIDES), elements=st.integers(-32768, 32767)),
        arrays(np.float32, st.tuples(SIDES, SIDES, st.just(3)), elements=st.floats(0, 1, width=32)),
        arrays(np.bool_, st.tuples(SIDES, SIDES)),
    )
)
def test_any_array_equals_the_plain_computation(pixels, plain_signature):
    np.testing.assert_array_equal(generate_signature(pixels), plain_signature(pixels))


@given(
    pixels=arrays(np.uint8, st.tuples(SIDES, SIDES, st.just(3)), elements=st.integers(0, 255)),
    order=st.sampled_from("FC"),
    step=st.sampled_from([1, -1, 2]),
)
def test_layout_in_memory_does_not_matter(pixels, order, step, plain_signature):
    laid_out = np.asarray(pixels, order=order)[::step, ::step]
    np.testing.assert_array_equal(generate_signature(laid_out), plain_signature(laid_out))


def test_signing_a_photograph_needs_no_second_copy_of_its_pixels():
    height, width = 2000, 3000
    rows, columns = np.ogrid[:height, :width]
    pixels = np.stack([rows * columns // 8000 % 256] * 3, axis=2).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "jpeg")
    tracemalloc.start()
    try:
        for decode in ("exact", "fast"):
            tracemalloc.reset_peak()
            generate_signature(buffer.getvalue(), decode=decode)
            assert tracemalloc.get_traced_memory()[1] < pixels.nbytes / 2
    finally:
        tracemalloc.stop()


def test_fast_signature_is_close_to_the_exact_one():
    data = _photograph_like(1290, 1500)
    exact, fast = generate_signature(data), generate_signature(data, decode="fast")
    assert 0 < normalized_distance(exact[np.newaxis], fast)[0] < 0.1
    np.testing.assert_array_equal(generate_signature(data, SignatureConfig(decode="fast")), fast)
    np.testing.assert_array_equal(
        generate_signature(data, SignatureConfig(decode="fast"), decode="exact"), exact
    )


def test_fast_signature_of_what_cannot_be_reduced_is_the_exact_one():
    picture = Image.open(io.BytesIO(_photograph_like(1290, 1300)))
    png, small = io.BytesIO(), io.BytesIO()
    picture.save(png, "png", compress_level=1)
    picture.resize((500, 600)).save(small, "jpeg")
    for source in (png.getvalue(), small.getvalue(), np.asarray(picture)):
        np.testing.assert_array_equal(
            generate_signature(source, decode="fast"), generate_signature(source)
        )


def _photograph_like(height: int, width: int) -> bytes:
    """A JPEG with structure of every size."""
    rng = np.random.default_rng(7)
    picture = np.zeros((height, width, 3))
    for size in (4, 16, 64, 256, 1024):
        noise = Image.fromarray(rng.integers(0, 256, (size, size, 3), dtype=np.uint8))
        picture += np.asarray(noise.resize((width, height), Image.Resampling.BICUBIC)) / 5
    buffer = io.BytesIO()
    Image.fromarray(picture.astype(np.uint8)).save(buffer, "jpeg", quality=90)
    return buffer.getvalue()


def test_featureless_picture_has_the_zero_signature():
    for grey in (np.zeros((40, 60)), np.full((40, 60, 3), 200, dtype=np.uint8)):
        assert not generate_signature(grey).any()


def test_signature_shape_and_range_follow_the_config():
    picture = np.random.default_rng(3).random((70, 90, 3))
    for config in (SignatureConfig(), SignatureConfig(n=4, diagonal_neighbors=False, n_levels=4)):
        signature = generate_signature(picture, config)
        assert signature.shape == (config.length,)
        assert signature.dtype == np.int8
        assert signature.min() == -config.n_levels
        assert signature.max() == config.n_levels


def test_fix_ratio_on_a_wide_picture_names_the_remedy():
    picture = np.random.default_rng(3).random((40, 400))
    with pytest.raises(ConfigError, match="square pictures only"):
        generate_signature(picture, SignatureConfig(fix_ratio=True))


def test_unknown_decode_mode_is_refused():
    with pytest.raises(ConfigError, match="'quick'"):
        generate_signature(np.zeros((9, 9)), decode="quick")
