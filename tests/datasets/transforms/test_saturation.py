import numpy as np
import pytest
from PIL import Image

from datasets.transforms import Grey, Saturation

COLOUR = (200, 100, 50)  # of luma 124


@pytest.mark.parametrize(
    ("factor", "expected"),
    [(0, (124, 124, 124)), (0.5, (162, 112, 87)), (1, COLOUR), (2, (255, 76, 0))],
)
def test_differences_from_grey_are_multiplied(
    factor: float, expected: tuple[int, int, int]
) -> None:
    copy = Saturation(factor)(Image.new("RGB", (2, 2), COLOUR), np.random.default_rng(0))
    np.testing.assert_allclose(np.asarray(copy, dtype=int)[0, 0], expected, atol=1)


def test_none_is_grey() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (9, 9, 3), dtype=np.uint8)
    image, rng = Image.fromarray(noise), np.random.default_rng(0)
    assert Saturation(0)(image, rng).tobytes() == Grey()(image, rng).convert("RGB").tobytes()


def test_a_grey_picture_stays() -> None:
    image = Image.effect_noise((20, 10), 60)
    assert Saturation(3)(image, np.random.default_rng(0)).tobytes() == image.tobytes()
