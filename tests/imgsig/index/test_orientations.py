import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from imgsig import ConfigError, SignatureConfig, generate_signature
from imgsig.index.orientations import (
    ORIENTATIONS,
    chosen_orientations,
    oriented_signatures,
    turned,
)

PIXELS = arrays.arrays(
    np.uint8,
    st.tuples(st.integers(12, 40), st.integers(12, 40), st.sampled_from([1, 3, 4])),
    elements=st.integers(0, 255),
)


@given(pixels=PIXELS)
@settings(max_examples=15)
def test_signatures_are_those_of_the_turned_pictures_to_the_last_bit(pixels):
    signed = oriented_signatures(pixels, SignatureConfig(), ORIENTATIONS)
    for orientation, signature in signed.items():
        assert (signature == generate_signature(turned(pixels, orientation))).all()


@pytest.mark.parametrize("rule", ["uniform", "path", "bytes"])
@pytest.mark.parametrize("mode", ["RGB", "L", "LA", "I;16"])
def test_files_are_turned_by_the_rule_of_their_pixels(pictures, mode, rule):
    grey = pictures[0].astype(np.uint16).sum(axis=2) * 80
    picture = (
        Image.fromarray(grey.astype(np.uint16))
        if mode == "I;16"
        else Image.fromarray(pictures[0]).convert(mode)
    )
    config = SignatureConfig(pixels=rule)
    files = []
    for one in (picture, picture.transpose(Image.Transpose.ROTATE_90)):
        one.save(data := io.BytesIO(), "PNG")
        files.append(data.getvalue())
    (signature,) = oriented_signatures(files[0], config, ["turned_90"]).values()
    assert (signature == generate_signature(files[1], config)).all()


@settings(max_examples=25)
@given(pixels=PIXELS, first=st.sampled_from(ORIENTATIONS), second=st.sampled_from(ORIENTATIONS))
def test_one_after_the_other_is_one_of_the_eight(pixels, first, second):
    both = turned(turned(pixels, first), second)
    assert any(np.array_equal(both, turned(pixels, one)) for one in ORIENTATIONS)


def test_all_eight_differ():
    pixels = np.arange(6).reshape(2, 3)
    assert len({str(turned(pixels, one)) for one in ORIENTATIONS}) == 8


def test_a_turned_signature_is_not_the_signature_of_the_turned_picture(pictures):
    # Which is why pixels are turned: a grid of points rounded to pixels has no symmetry.
    grid = generate_signature(pictures[0]).reshape(9, 9, 8)
    mirrored_neighbors = [2, 1, 0, 4, 3, 7, 6, 5]
    mirrored = grid[:, ::-1][..., mirrored_neighbors].ravel()
    assert (mirrored != generate_signature(turned(pictures[0], "mirrored"))).any()


def test_a_file_object_is_read_once(pictures):
    Image.fromarray(pictures[0]).save(data := io.BytesIO(), "PNG")
    data.seek(0)
    signed = oriented_signatures(data, SignatureConfig(), ORIENTATIONS)
    assert (signed["as_is"] == generate_signature(pictures[0])).all()


@pytest.mark.parametrize(
    ("orientations", "chosen"),
    [
        (None, ("as_is",)),
        ("all", ORIENTATIONS),
        ("mirrored", ("mirrored",)),
        (["turned_90", "as_is"], ("turned_90", "as_is")),
    ],
)
def test_orientations_are_chosen(orientations, chosen):
    assert chosen_orientations(orientations) == chosen


@pytest.mark.parametrize("orientations", ["upside down", [], ["as_is", "as_is"]])
def test_what_is_no_orientation_is_refused(orientations):
    with pytest.raises(ConfigError, match=r"orientations must be 'all' or some of 'as_is', "):
        chosen_orientations(orientations)
