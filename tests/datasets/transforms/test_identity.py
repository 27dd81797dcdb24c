import numpy as np
from PIL import Image

from datasets.transforms import Identity


def test_equal_pixels_in_another_image() -> None:
    image = Image.effect_noise((20, 10), 60)
    copy = Identity()(image, np.random.default_rng(0))
    assert copy.tobytes() == image.tobytes()
    copy.putpixel((0, 0), 255 - int(np.asarray(image)[0, 0]))
    assert copy.tobytes() != image.tobytes()
