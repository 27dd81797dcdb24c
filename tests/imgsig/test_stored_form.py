import tracemalloc

import numpy as np
import pytest

from imgsig import SignatureConfig
from imgsig.codecs import get_codec
from imgsig.errors import ConfigError, CorruptImageError
from imgsig.stored_form import encode_image, encode_images


@pytest.fixture(scope="module")
def codec():
    return get_codec({"id": "base62", "strip": "half"})


def test_is_the_codec_of_the_signature(codec, golden, golden_paths):
    expected = codec.encode_batch(golden["signatures"][:5])
    assert list(encode_images(golden_paths[:5], codec, batch=2)) == expected
    assert encode_image(golden_paths[0], codec) == expected[0]


def test_pictures_are_taken_as_they_are_needed(codec):
    taken = []

    def pictures():
        for number in range(10):
            taken.append(number)
            yield np.random.default_rng(number).random((40, 40))

    forms = encode_images(pictures(), codec, batch=3)
    assert taken == []
    next(forms)
    assert taken == [0, 1, 2]
    assert len(list(forms)) == 9


def test_no_signature_becomes_a_list_of_integers(codec):
    picture = np.random.default_rng(0).random((40, 40))
    list(encode_images([picture] * 50, codec))
    tracemalloc.start()
    count = sum(1 for _ in encode_images((picture for _ in range(400)), codec, batch=50))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 400
    # 400 lists of 648 references alone would take two million bytes.
    assert peak < 1_000_000


def test_a_codec_of_another_grid_is_refused(codec):
    with pytest.raises(ConfigError, match="n_levels=3"):
        encode_image(np.zeros((40, 40)), codec, SignatureConfig(n_levels=3))


def test_an_empty_batch_is_refused(codec):
    with pytest.raises(ConfigError, match="at least 1"):
        list(encode_images([], codec, batch=0))


def test_what_is_no_picture_is_refused(codec):
    with pytest.raises(CorruptImageError):
        encode_image(b"no picture", codec)
