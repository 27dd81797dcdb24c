"""What must hold for every family, whatever it does."""

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from datasets.transforms import Transform, get_transform, transform_families

FAMILIES = sorted(transform_families())
RANDOM = {
    "border",
    "collage",
    "crop",
    "emoji",
    "grey-noise",
    "logo",
    "noise",
    "paint",
    "perspective",
    "print-scan",
    "screenshot",
    "text",
}
# A lossy file changes a little even at its best quality; the others are edits without a strength.
NEVER_NEUTRAL = {"avif", "copydays-jpeg", "gif", "grey", "jpeg", "mirror", "text", "webp"}


@st.composite
def transforms(draw: st.DrawFn, families: tuple[str, ...] = tuple(FAMILIES)) -> Transform:
    """Any transform of the families, at any strength they allow."""
    family = transform_families()[draw(st.sampled_from(families))]
    if not family.takes_strength:
        return family.from_config({})
    low, high = family.limits
    if family.step is not None:
        steps = draw(st.integers(math.ceil(low / family.step), math.floor(high / family.step)))
        return family.from_config({"strength": steps * family.step})
    return family.from_config(
        {"strength": draw(st.integers(round(low * 10_000), round(high * 10_000))) / 10_000}
    )


@st.composite
def images(draw: st.DrawFn) -> Image.Image:
    """Any small image of the modes RGB and L, a single pixel included."""
    shape = draw(st.tuples(st.integers(1, 40), st.integers(1, 40)))
    channels = draw(st.sampled_from([(), (3,)]))
    return Image.fromarray(draw(hnp.arrays(np.uint8, shape + channels)))


def scaled(image: Image.Image, factor: float) -> tuple[int, int]:
    return max(1, round(image.width * factor)), max(1, round(image.height * factor))


def framed(image: Image.Image, across: float, down: float) -> tuple[int, int]:
    return image.width + 2 * round(across), image.height + 2 * round(down)


def trimmed(image: Image.Image, percent: float) -> tuple[int, int]:
    across, down = (min(round(side * percent / 100), (side - 1) // 2) for side in image.size)
    return image.width - 2 * across, image.height - 2 * down


def collaged(image: Image.Image, number: float) -> tuple[int, int]:
    grids = {1: (1, 1), 2: (2, 1), 3: (2, 2), 4: (2, 2), 5: (3, 2), 6: (3, 2)}
    columns, rows = grids.get(int(number), (3, 3))
    width, height = scaled(image, 1 / columns)
    gap = round(0.02 * min(width, height))
    return columns * (width + gap) - gap, rows * (height + gap) - gap


# Size by the family's own definition, written down a second time; all others keep it.
SIZES: dict[str, Callable[[Image.Image, float], tuple[int, int]]] = {
    "resize": lambda image, s: (
        max(1, round(image.width * s / 100)),
        max(1, round(image.height * s / 100)),
    ),
    "crop": lambda image, s: scaled(image, (1 - s / 100) ** 0.5),
    "copydays-jpeg": lambda image, s: scaled(image, 0.25),
    "thumbnail": lambda image, s: scaled(image, min(1, s / max(image.size))),
    "aspect": lambda image, s: (max(1, round(image.width * s / 100)), image.height),
    "turn": lambda image, s: image.size[::-1] if s in {90, 270} else image.size,
    "pad": lambda image, s: framed(image, image.width * s / 100, image.height * s / 100),
    "letterbox": lambda image, s: framed(image, 0, image.height * s / 100),
    "border": lambda image, s: framed(image, *[min(image.size) * s / 100] * 2),
    "print-scan": lambda image, s: framed(image, *[0.02 * s * min(image.size)] * 2),
    "screenshot": lambda image, s: (
        image.width,
        image.height + round(image.height * s / (100 - s)),
    ),
    "trim": trimmed,
    "collage": collaged,
}


@pytest.mark.parametrize("family", FAMILIES)
@given(data=st.data(), image=images(), seed=st.integers(0, 2**32))
@settings(max_examples=25)
def test_copy_has_the_size_and_mode_of_its_family(
    family: str, data: st.DataObject, image: Image.Image, seed: int
) -> None:
    transform: Transform = data.draw(transforms((family,)))
    copy = transform(image, np.random.default_rng(seed))
    assert copy.mode == ("L" if transform.family == "grey" else image.mode)
    if family in SIZES:
        assert copy.size == SIZES[family](image, transform.strength)
    else:
        assert copy.size == image.size
    assert type(copy) is Image.Image


@pytest.mark.parametrize("family", FAMILIES)
@given(data=st.data(), image=images(), seed=st.integers(0, 2**32))
@settings(max_examples=25)
def test_equal_seeds_give_equal_copies_and_leave_the_image_alone(
    family: str, data: st.DataObject, image: Image.Image, seed: int
) -> None:
    transform = data.draw(transforms((family,)))
    before = image.tobytes()
    first = transform(image, np.random.default_rng(seed))
    second = transform(image, np.random.default_rng(seed))
    assert first.tobytes() == second.tobytes()
    assert image.tobytes() == before
    assert first is not image


@given(transforms(tuple(f for f in FAMILIES if f not in RANDOM)), images())
def test_families_without_randomness_draw_nothing(transform: Transform, image: Image.Image) -> None:
    rng = np.random.default_rng(0)
    state = rng.bit_generator.state
    transform(image, rng)
    assert rng.bit_generator.state == state


@pytest.mark.parametrize("family", sorted(RANDOM))
def test_families_with_randomness_differ_by_seed(family: str) -> None:
    kind = transform_families()[family]
    transform = kind(kind.typical)
    image = Image.linear_gradient("L").convert("RGB")
    copies = {transform(image, np.random.default_rng(seed)).tobytes() for seed in range(20)}
    assert len(copies) > 1


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


@pytest.mark.slow
@pytest.mark.parametrize("family", [f for f in FAMILIES if f not in NEVER_NEUTRAL])
@given(image=images())
@settings(max_examples=25)
def test_neutral_strength_changes_no_pixel(family: str, image: Image.Image) -> None:
    kind = transform_families()[family]
    copy = kind(kind.neutral)(image, np.random.default_rng(0))
    assert copy.tobytes() == image.tobytes()


@pytest.mark.parametrize("family", FAMILIES)
def test_neutral_and_typical_are_within_the_limits(family: str) -> None:
    kind = transform_families()[family]
    low, high = kind.limits
    assert low <= kind.neutral <= high
    assert low <= kind.typical <= high
    if kind.takes_strength:
        assert kind.typical != kind.neutral
