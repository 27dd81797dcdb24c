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
from imgsig.grid import Grid
from imgsig.levels import StoredLevels, most_change_of
from imgsig.signature import (
    _percentiles,
    _shares,
    bin_differences,
    grid_points,
    mean_levels,
    neighbor_differences,
    sampled_window,
)

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


def levels(grey: np.ndarray) -> StoredLevels:
    return StoredLevels(grey, most_change_of(grey))


def test_means_of_a_ramp_are_the_levels_at_the_points():
    ramp = np.tile(np.arange(200.0), (100, 1))
    rows, columns = grid_points(((0, 100), (0, 200)), n=4)
    means = mean_levels(levels(ramp), rows, columns, P=10)
    np.testing.assert_allclose(means, np.tile(columns - 0.5, (4, 1)))


def test_square_size_follows_the_paper():
    spot = np.zeros((100, 400))
    spot[50, 200] = 1.0
    rows, columns = np.array([50]), np.array([200])
    # min(100, 400) / 20 = 5 pixels, rounded: one bright pixel of 25.
    assert mean_levels(levels(spot), rows, columns)[0, 0] == pytest.approx(1 / 25)
    assert mean_levels(levels(spot), rows, columns, P=2)[0, 0] == pytest.approx(1 / 4)


def test_points_outside_the_picture_are_refused():
    with pytest.raises(ConfigError, match="row 20"):
        mean_levels(levels(np.zeros((20, 50))), np.array([20]), np.array([3]))


def test_fix_ratio_uses_the_longer_range_for_both():
    picture = levels(np.random.default_rng(1).random((50, 120)))
    (top, bottom), (left, right) = sampled_window(picture, (5, 95), fix_ratio=True)
    assert (top, bottom) == (left, right)
    assert bottom - top > 60


def test_without_percentiles_the_whole_picture_is_sampled():
    assert sampled_window(levels(np.zeros((30, 40))), None) == ((0, 30), (0, 40))


@given(first=st.integers(0, 30_000), size=st.integers(-5, 30_000), n=st.integers(2, 60))
def test_grid_points_are_those_of_linspace(first, size, n):
    last = max(0, first + size)
    rows, columns = grid_points(((first, last), (0, last)), n)
    assert rows.tolist() == np.linspace(first, last, n + 2, dtype=int)[1:-1].tolist()
    assert columns.tolist() == np.linspace(0, last, n + 2, dtype=int)[1:-1].tolist()


MEANS = arrays(np.float64, (5, 5), elements=st.floats(0, 1))


@given(means=MEANS)
def test_binned_differences_are_antisymmetric(means):
    grid = Grid(5)
    binned = bin_differences(neighbor_differences(means, grid)).ravel()
    assert not binned[~grid.on_grid].any()
    inner = np.flatnonzero(grid.on_grid)
    np.testing.assert_array_equal(binned[inner], -binned[grid.partner[inner]])


def test_neighbors_come_in_the_documented_order():
    means = np.zeros((3, 3))
    order = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1), (2, 2)]
    for index, position in enumerate(order):
        means[position] = -(index + 1)
    centre = neighbor_differences(means, Grid(3))[1, 1]
    assert centre.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]


@given(means=MEANS, shift=st.floats(-1, 1))
def test_small_differences_count_as_equal(means, shift):
    flat = 0.5 + (means - 0.5) * 0.003
    assert not bin_differences(neighbor_differences(flat + shift, Grid(5))).any()


@given(
    values=arrays(np.float64, st.integers(1, 300), elements=st.floats(-1e6, 1e6)),
    levels=st.integers(1, 9),
    ends=st.sampled_from([(0, 100), (100, 0)]),
)
def test_percentiles_are_those_of_numpy_to_the_last_bit(values, levels, ends):
    percentiles = np.linspace(*ends, levels + 1)
    found = _percentiles(np.sort(values).tolist(), _shares(*ends, levels))
    assert found == np.percentile(values, percentiles).tolist()


def binned_in_place(differences, tolerance, n_levels):
    """Binning as the reference has it: one bin after the other, written over the differences."""
    binned = np.where(np.abs(differences) < tolerance, 0.0, differences)
    for sign, ends in ((1, (0, 100)), (-1, (100, 0))):
        of_sign = binned[sign * binned > 0]
        if not of_sign.size:
            continue
        cutoffs = np.percentile(of_sign, np.linspace(*ends, n_levels + 1))
        for level in range(n_levels):
            magnitude = sign * binned
            inside = (magnitude >= sign * cutoffs[level]) & (magnitude <= sign * cutoffs[level + 1])
            binned[inside] = sign * (level + 1)
    return binned.astype(np.int8)


@given(
    differences=arrays(
        np.float64,
        st.integers(1, 200),
        elements=st.one_of(st.floats(-1, 1), st.sampled_from([0.0, 0.01, 0.5, -0.5, 1.0, -1.0])),
    ),
    scale=st.sampled_from([1.0, 0.3, 3.0, 255.0]),
    n_levels=st.integers(1, 5),
    tolerance=st.sampled_from([0.0, 2 / 255, 0.5]),
)
def test_bins_are_those_of_writing_one_after_the_other(differences, scale, n_levels, tolerance):
    scaled = differences * scale
    np.testing.assert_array_equal(
        bin_differences(scaled, tolerance, n_levels), binned_in_place(scaled, tolerance, n_levels)
    )
