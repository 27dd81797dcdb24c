"""Laws of every transform in the registry, and what its base refuses."""

import functools
import json
import pickle

import numpy as np
import pytest
from PIL import Image

from datasets.errors import DatasetError, TransformError
from datasets.transforms import (
    Family,
    Transform,
    get_transform,
    transform_families,
    transform_set,
    transform_set_names,
)

FAMILIES = transform_families()
Crop = FAMILIES["crop"]
Identity = FAMILIES["identity"]
Jpeg = FAMILIES["jpeg"]
Noise = FAMILIES["noise"]
TYPICAL = [family(family.typical) for family in FAMILIES.values()]
IN_SETS = [each for name in transform_set_names() for each in transform_set(name)]
TRANSFORMS = list({t.id: t for t in [*TYPICAL, *IN_SETS]}.values())
UNSEEN = {"identity", "png"}  # leave every pixel as it is


@functools.cache
def picture(mode: str, size: tuple[int, int]) -> Image.Image:
    columns, rows = np.meshgrid(np.linspace(0, 200, size[0]), np.linspace(0, 50, size[1]))
    noise = np.random.default_rng(0).integers(0, 6, (size[1], size[0]))
    return Image.fromarray((columns + rows + noise).astype(np.uint8)).convert(mode)


@pytest.mark.parametrize("transform", TRANSFORMS, ids=lambda t: t.id)
class TestLaws:
    def test_id_and_config_give_it_back(self, transform: Transform) -> None:
        assert get_transform(transform.id) == transform
        assert get_transform(json.loads(json.dumps(transform.get_config()))) == transform
        assert pickle.loads(pickle.dumps(transform)) == transform  # noqa: S301

    @pytest.mark.parametrize("mode", ["RGB", "L"])
    @pytest.mark.parametrize("size", [(96, 96), (1, 1), (16, 16), (301, 97)])
    def test_the_seed_decides_and_the_image_given_is_left(
        self, transform: Transform, mode: str, size: tuple[int, int]
    ) -> None:
        image = picture(mode, size)
        before = image.tobytes()
        first, second = (transform(image, np.random.default_rng(7)) for _ in range(2))
        assert (first.mode, first.size) == (second.mode, second.size)
        assert first.tobytes() == second.tobytes()
        assert image.tobytes() == before
        assert first.mode == ("L" if transform.family == "grey" else mode)

    def test_something_changes(self, transform: Transform) -> None:
        grey = picture("L", (96, 96))
        image = Image.merge("RGB", (grey, grey.rotate(90), grey.rotate(180)))
        copy = transform(image, np.random.default_rng(7))
        same = copy.size == image.size and copy.convert("RGB").tobytes() == image.tobytes()
        assert same == (transform.family in UNSEEN)


@pytest.mark.slow
@pytest.mark.parametrize("transform", TYPICAL, ids=lambda t: t.id)
def test_twelve_megapixels(transform: Transform) -> None:
    copy = transform(picture("L", (4000, 3000)), np.random.default_rng(7))
    made_small = {"copydays-jpeg": 750, "thumbnail": 48}
    assert min(copy.size) >= made_small.get(transform.family, 1500)


@pytest.mark.parametrize("strength", [0, 101, -1, float("nan"), float("inf"), 10**400])
def test_strength_out_of_range_names_family_limits_and_value(strength: float) -> None:
    with pytest.raises(TransformError, match=r"jpeg must be in range .*1 to 100"):
        Jpeg(strength)


@pytest.mark.parametrize("strength", [True, "30", None])
def test_strength_that_is_no_number_is_refused(strength: object) -> None:
    with pytest.raises(TransformError, match="must be a number"):
        Jpeg(strength)  # type: ignore[arg-type]


def test_strength_that_no_id_could_hold_is_refused() -> None:
    with pytest.raises(TransformError, match="4 decimals"):
        Noise(0.00001)


@pytest.mark.parametrize(
    ("family", "strength", "rule"),
    [
        ("jpeg", 3.5, "a whole number"),
        ("turn", 45, "a multiple of 90"),
        ("collage", 2.5, "a whole number"),
    ],
)
def test_a_strength_between_two_steps_is_refused(family: str, strength: float, rule: str) -> None:
    with pytest.raises(TransformError, match=f"{family} must be {rule}.*, not {strength}"):
        transform_families()[family].from_config({"strength": strength})


def test_errors_are_dataset_errors_and_value_errors() -> None:
    assert issubclass(TransformError, DatasetError)
    assert issubclass(TransformError, ValueError)


@pytest.mark.parametrize(
    ("transform", "text"),
    [
        (Jpeg(30), "jpeg-30"),
        (Jpeg(100), "jpeg-100"),
        (Noise(0.05), "noise-0.05"),
        (Crop(0), "crop-0"),
    ],
)
def test_id_is_short(transform: Transform, text: str) -> None:
    assert transform.id == text


def test_config_is_the_same_for_int_and_float() -> None:
    assert repr(Jpeg(30).get_config()) == repr(Jpeg(30.0).get_config())
    assert Jpeg(30).get_config() == {"family": "jpeg", "strength": 30}
    assert hash(Jpeg(30)) == hash(Jpeg(30.0))


def test_same_strength_of_another_family_is_another_transform() -> None:
    transforms: list[Transform] = [Jpeg(30), Crop(30)]
    assert transforms[0] != transforms[1]


@pytest.mark.parametrize("mode", ["1", "P", "RGBA", "LA", "CMYK", "I;16", "F"])
@pytest.mark.parametrize("family", transform_families().values())
def test_other_modes_are_refused_by_every_family(family: Family, mode: str) -> None:
    with pytest.raises(TransformError, match="convert the image"):
        family(family.typical)(Image.new(mode, (8, 8)), np.random.default_rng(0))


def test_image_without_pixels_is_refused() -> None:
    with pytest.raises(TransformError, match="0x5"):
        Identity()(Image.new("L", (0, 5)), np.random.default_rng(0))


def test_copy_carries_no_metadata_and_the_image_keeps_its_own() -> None:
    image = Image.new("RGB", (8, 8))
    image.info = {"comment": b"x" * 100_000, "icc_profile": b"y"}
    assert Jpeg(75)(image, np.random.default_rng(0)).info == {}
    assert set(image.info) == {"comment", "icc_profile"}
