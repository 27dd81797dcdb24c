import numpy as np
from PIL import Image

from datasets.transforms import Mirror


def test_columns_are_reversed() -> None:
    pixels = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    copy = Mirror()(Image.fromarray(pixels), np.random.default_rng(0))
    np.testing.assert_array_equal(np.asarray(copy), pixels[:, ::-1])


def test_twice_is_the_picture() -> None:
    image = Image.effect_noise((20, 10), 60)
    rng = np.random.default_rng(0)
    assert Mirror()(Mirror()(image, rng), rng).tobytes() == image.tobytes()
