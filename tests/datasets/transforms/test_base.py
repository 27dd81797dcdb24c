"""Laws of every transform in the registry."""

import json
import pickle

import numpy as np
import pytest
from PIL import Image

from datasets.transforms import Transform, get_transform, transform_families, transform_set

TYPICAL = [
    cls.from_config({"strength": cls.typical} if cls.takes_strength else {})
    for cls in transform_families().values()
]
TRANSFORMS = list({t.id: t for t in [*TYPICAL, *transform_set("quick")]}.values())


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
    @pytest.mark.parametrize("size", [(96, 96), (1, 1), (301, 97)])
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
        image = picture("RGB", (96, 96))
        copy = transform(image, np.random.default_rng(7))
        same = copy.size == image.size and copy.convert("RGB").tobytes() == image.tobytes()
        grey_of_grey = transform.family == "grey"  # the picture has no colour
        assert same == (transform.family == "identity" or grey_of_grey)

    def test_twelve_megapixels(self, transform: Transform) -> None:
        copy = transform(picture("RGB", (4000, 3000)), np.random.default_rng(7))
        assert min(copy.size) >= 1500
