"""Pictures decoded at a fraction of their size."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from imgsig import CorruptImageError, generate_signature
from imgsig.image import read_levels
from imgsig.reduced import ReducedLevels, Reduction, ask_for_less
from imgsig.signature import grid_points, mean_levels, sampled_window


def encoded(pixels: np.ndarray, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind, **options)
    return buffer.getvalue()


def waves(height: int, width: int) -> np.ndarray:
    """A smooth picture, of which every coarse pixel is well known."""
    down, across = np.ogrid[0 : 9 : height * 1j, 0 : 7 : width * 1j]
    return (127 + 120 * np.sin(down) * np.cos(across)).astype(np.uint8)


def reduction_of(data: bytes) -> tuple[Reduction | None, tuple[int, int]]:
    with Image.open(io.BytesIO(data)) as picture:
        reduction = ask_for_less(picture)
        return reduction, np.asarray(picture).shape


#: The integer wavelets, Pillow's default, round by half a level; these hardly round.
SMOOTH_WAVELETS = {"irreversible": True, "quality_mode": "dB", "quality_layers": [60]}


@pytest.mark.parametrize(
    ("kind", "options", "height", "width", "factor"),
    [
        ("jpeg", {"quality": 95}, 2563, 2600, 8),
        ("jpeg", {"quality": 95}, 2559, 2600, 4),
        ("jpeg", {"quality": 95}, 1285, 1300, 4),
        ("jpeg2000", SMOOTH_WAVELETS, 2565, 2600, 8),
        ("jpeg2000", SMOOTH_WAVELETS, 1283, 1300, 4),
        ("jpeg2000", SMOOTH_WAVELETS, 1281, 1300, 2),  # as Pillow fails at 4, see `ask_for_less`
        ("jpeg2000", SMOOTH_WAVELETS, 641, 700, 2),
    ],
)
def test_squares_have_the_means_of_the_full_picture(kind, options, height, width, factor):
    data = encoded(waves(height, width), kind, **options)
    reduction, shape = reduction_of(data)
    assert reduction.factor == factor
    assert shape == (-(-height // factor), -(-width // factor))
    exact, fast = read_levels(data), read_levels(data, decode="fast")
    assert fast.shape == exact.shape == (height, width)
    window = sampled_window(fast, (5, 95))
    assert window == sampled_window(exact, (5, 95))
    points = grid_points(window)
    # In levels of 255: grey files keep their scale. A shift by one pixel would be half a level.
    np.testing.assert_allclose(mean_levels(fast, *points), mean_levels(exact, *points), atol=0.3)


def test_colours_have_the_scale_of_the_full_picture():
    data = encoded(np.dstack([waves(1300, 1300), waves(1300, 1300).T, waves(1300, 1300)]), "jpeg")
    exact, fast = read_levels(data), read_levels(data, decode="fast")
    points = grid_points(((0, 1300), (0, 1300)))
    np.testing.assert_allclose(
        mean_levels(fast, *points), mean_levels(exact, *points), atol=0.5 / 255
    )


@pytest.mark.parametrize(
    ("height", "width", "kind", "factor"),
    [
        (1279, 1500, "jpeg", None),
        (1280, 1500, "jpeg", 4),
        (639, 700, "jpeg2000", None),
        (640, 700, "jpeg2000", 2),
        (1500, 1500, "png", None),
    ],
)
def test_small_pictures_and_other_formats_are_not_reduced(height, width, kind, factor):
    reduction, shape = reduction_of(encoded(waves(height, width), kind))
    assert (reduction.factor if reduction else None) == factor
    assert shape == ((height, width) if factor is None else (-(-height // factor), width // factor))


def test_featureless_borders_are_found_where_they_are():
    framed = np.zeros((1400, 2000), dtype=np.uint8)
    framed[400:1000, 600:1600] = waves(600, 1000)
    data = encoded(framed, "jpeg", quality=95)
    exact = sampled_window(read_levels(data), (5, 95))
    fast = sampled_window(read_levels(data, decode="fast"), (5, 95))
    np.testing.assert_allclose(fast, exact, atol=8)
    assert abs(exact[0][0] - 400) < 8


def test_a_file_without_the_size_asked_for_is_decoded_exactly():
    data = encoded(waves(1300, 1300), "jpeg2000", num_resolutions=1)
    assert reduction_of_header(data) == 4
    np.testing.assert_array_equal(generate_signature(data, decode="fast"), generate_signature(data))


def reduction_of_header(data: bytes) -> int:
    with Image.open(io.BytesIO(data)) as picture:
        return ask_for_less(picture).factor


def test_a_damaged_file_is_corrupt_in_both_modes():
    data = encoded(waves(1300, 1300), "jpeg")
    for decode in ("exact", "fast"):
        with pytest.raises(CorruptImageError, match="truncated"):
            generate_signature(data[: len(data) // 2], decode=decode)


@given(
    factor=st.sampled_from([2, 4, 8]),
    reduced=st.tuples(st.integers(3, 30), st.integers(3, 30)),
    shifted=st.booleans(),
    data=st.data(),
)
def test_means_of_a_plane_are_exact_and_of_a_constant_too(factor, reduced, shifted, data):
    origin = (1 - factor) / 2 if shifted else 0.0
    height, width = (factor * size for size in reduced)
    edges = []
    for size in (height, width):
        # At the border of a shifted picture a coarse pixel is narrower than it was when decoded.
        first = np.sort(data.draw(st.lists(st.integers(factor, size - 1), min_size=1, max_size=5)))
        edges.append((np.array(first), np.minimum(np.array(first) + 5, size - factor + 1)))
    usable = [np.flatnonzero(last > first) for first, last in edges]
    edges = [(first[use], last[use]) for (first, last), use in zip(edges, usable, strict=True)]
    centres = [origin + factor * (np.arange(size) + 0.5) for size in reduced]
    plane = 3 * centres[0][:, np.newaxis] + 2 * centres[1]
    levels = ReducedLevels(plane, (height, width), Reduction(factor, origin))
    down, across = ((first + last) / 2 for first, last in edges)
    if not shifted:
        np.testing.assert_allclose(
            levels.square_means(*edges), 3 * down[:, np.newaxis] + 2 * across, rtol=1e-9
        )
    constant = ReducedLevels(np.full(reduced, 9.0), (height, width), Reduction(factor, origin))
    np.testing.assert_allclose(constant.square_means(*edges), 9.0, rtol=1e-12)
