import numpy as np
import pytest
from PIL import Image

from datasets.errors import DatasetError, TransformError
from datasets.transforms import Crop, Identity, Jpeg, Noise, Transform, transform_families

RNG = np.random.default_rng(0)


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
    assert Jpeg(30) != Crop(30)


@pytest.mark.parametrize("mode", ["1", "P", "RGBA", "LA", "CMYK", "I;16", "F"])
@pytest.mark.parametrize("family", transform_families().values())
def test_other_modes_are_refused_by_every_family(family: type[Transform], mode: str) -> None:
    config = {"strength": family.typical} if family.takes_strength else {}
    with pytest.raises(TransformError, match="convert the image"):
        family.from_config(config)(Image.new(mode, (8, 8)), RNG)


def test_image_without_pixels_is_refused() -> None:
    with pytest.raises(TransformError, match="0x5"):
        Identity()(Image.new("L", (0, 5)), RNG)


def test_copy_carries_no_metadata_and_the_image_keeps_its_own() -> None:
    image = Image.new("RGB", (8, 8))
    image.info = {"comment": b"x" * 100_000, "icc_profile": b"y"}
    assert Jpeg(75)(image, RNG).info == {}
    assert set(image.info) == {"comment", "icc_profile"}
