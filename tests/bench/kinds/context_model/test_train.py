import numpy as np
import pytest

from bench.kinds.codecs.entropy import context_model
from bench.kinds.context_model.train import coded_values, mirrored, train_model
from imgsig import generate_signature
from imgsig.codecs.context_model import ContextModel

TINY = {"count": 4, "units": 3, "epochs": 60.0, "seed": 5}


@pytest.fixture(scope="module")
def model(crops) -> ContextModel:
    return train_model(crops.signatures, **TINY, jobs=1)


def test_training_again_gives_the_same_model(crops, model):
    again = train_model(crops.signatures, **TINY, jobs=2)
    assert again.arrays().keys() == model.arrays().keys()
    for name, array in model.arrays().items():
        np.testing.assert_array_equal(again.arrays()[name], array, err_msg=name)


def test_another_seed_gives_another_model(crops, model):
    other = train_model(crops.signatures, **{**TINY, "seed": 6}, jobs=1)
    assert not np.array_equal(other.hidden[0], model.hidden[0])


def test_learns_something(crops, model):
    bits = context_model(model, coded_values(crops.signatures))
    assert bits.mean() < 272 * np.log2(5) * 0.9


def test_mirrored_is_the_signature_of_the_mirrored_picture(collection):
    for photo in collection.photographs[:3]:
        picture = np.asarray(collection.open(photo.id))
        there = mirrored(generate_signature(picture)[np.newaxis])[0]
        back = generate_signature(np.ascontiguousarray(picture[:, ::-1]))
        # Grid points are rounded to pixels, so the two may be taken a pixel apart.
        assert (there == back).mean() > 0.8
        np.testing.assert_array_equal(mirrored(there[np.newaxis])[0], generate_signature(picture))
