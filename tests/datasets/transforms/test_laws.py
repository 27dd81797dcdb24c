"""What must hold for every family, whatever it does."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from datasets.transforms import Transform, get_transform, transform_families

FAMILIES = sorted(transform_families())


@st.composite
def transforms(draw: st.DrawFn, families: tuple[str, ...] = tuple(FAMILIES)) -> Transform:
    """Any transform of the families, at any strength they allow."""
    family = transform_families()[draw(st.sampled_from(families))]
    if not family.takes_strength:
        return family.from_config({})
    low, high = family.limits
    scale = 1 if family.family == "jpeg" else 10_000
    return family.from_config(
        {"strength": draw(st.integers(round(low * scale), round(high * scale))) / scale}
    )


@st.composite
def images(draw: st.DrawFn) -> Image.Image:
    """Any small image of the modes RGB and L, a single pixel included."""
    shape = draw(st.tuples(st.integers(1, 40), st.integers(1, 40)))
    channels = draw(st.sampled_from([(), (3,)]))
    return Image.fromarray(draw(hnp.arrays(np.uint8, shape + channels)))


def expected_size(transform: Transform, image: Image.Image) -> tuple[int, int]:
    """Size by the family's own definition, written down a second time."""
    share = transform.strength / 100
    factor = {"resize": share, "crop": (1 - share) ** 0.5}.get(transform.family)
    if factor is not None:
        width, height = (max(1, round(side * factor)) for side in image.size)
        return width, height
    border = share if transform.family == "pad" else 0
    width, height = (side + 2 * round(side * border) for side in image.size)
    return width, height


@given(transforms(), images(), st.integers(0, 2**32))
def test_copy_has_the_size_and_mode_of_its_family(
    transform: Transform, image: Image.Image, seed: int
) -> None:
    copy = transform(image, np.random.default_rng(seed))
    assert copy.mode == ("L" if transform.family == "grey" else image.mode)
    assert copy.size == expected_size(transform, image)
    assert type(copy) is Image.Image


@given(transforms(), images(), st.integers(0, 2**32))
def test_equal_seeds_give_equal_copies_and_leave_the_image_alone(
    transform: Transform, image: Image.Image, seed: int
) -> None:
    before = image.tobytes()
    first = transform(image, np.random.default_rng(seed))
    second = transform(image, np.random.default_rng(seed))
    assert first.tobytes() == second.tobytes()
    assert image.tobytes() == before
    assert first is not image


@given(transforms(tuple(f for f in FAMILIES if f not in {"crop", "noise", "text"})), images())
def test_families_without_randomness_draw_nothing(transform: Transform, image: Image.Image) -> None:
    rng = np.random.default_rng(0)
    state = rng.bit_generator.state
    transform(image, rng)
    assert rng.bit_generator.state == state


@given(transforms())
def test_id_config_and_json_lead_back_to_the_transform(transform: Transform) -> None:
    config: dict[str, Any] = transform.get_config()
    assert get_transform(transform.id) == transform
    assert get_transform(config) == transform
    assert get_transform(json.loads(json.dumps(config))).get_config() == config


@given(transforms(), transforms())
def test_equal_ids_mean_equal_transforms(one: Transform, other: Transform) -> None:
    assert (one.id == other.id) == (one == other)
    assert (one.get_config() == other.get_config()) == (one == other)


@pytest.mark.parametrize(
    "family", [f for f in FAMILIES if f not in {"jpeg", "grey", "mirror", "text"}]
)
@given(image=images())
def test_neutral_strength_changes_no_pixel(family: str, image: Image.Image) -> None:
    # JPEG loses a little even at its best quality.
    kind = transform_families()[family]
    config = {"strength": kind.neutral} if kind.takes_strength else {}
    copy = kind.from_config(config)(image, np.random.default_rng(0))
    assert copy.tobytes() == image.tobytes()


@pytest.mark.parametrize("family", FAMILIES)
def test_neutral_and_typical_are_within_the_limits(family: str) -> None:
    kind = transform_families()[family]
    low, high = kind.limits
    assert low <= kind.neutral <= high
    assert low <= kind.typical <= high
    if kind.takes_strength:
        assert kind.typical != kind.neutral
