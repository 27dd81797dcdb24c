import numpy as np
import pytest
from PIL import Image

from datasets.transforms.overlay import lay_over, random_corner


def test_the_drawing_covers_as_much_as_it_is_opaque() -> None:
    image = Image.new("RGB", (3, 1), (0, 0, 0))
    drawing = Image.new("RGBA", (2, 1), (200, 100, 0, 255))
    drawing.putpixel((1, 0), (200, 100, 0, 51))
    lay_over(image, drawing, 1, 0)
    assert np.asarray(image).tolist() == [[[0, 0, 0], [200, 100, 0], [40, 20, 0]]]


def test_colours_become_grey_on_grey_and_the_rest_is_cut_off() -> None:
    image = Image.new("L", (2, 2), 7)
    lay_over(image, Image.new("RGBA", (5, 1), (255, 0, 0, 255)), 1, 1)
    assert np.asarray(image).tolist() == [[7, 7], [7, 76]]  # luma of red


@pytest.mark.parametrize(("drawing", "corners"), [((3, 1), {(0, 0), (0, 1), (1, 0), (1, 1)})])
def test_every_place_inside_and_none_outside(
    drawing: tuple[int, int], corners: set[tuple[int, int]]
) -> None:
    found = {random_corner((4, 2), drawing, np.random.default_rng(seed)) for seed in range(60)}
    assert found == corners


def test_what_is_larger_starts_at_the_edge() -> None:
    assert random_corner((4, 2), (9, 9), np.random.default_rng(0)) == (0, 0)
