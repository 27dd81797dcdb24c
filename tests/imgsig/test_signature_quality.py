"""How much a signature says."""

import numpy as np
from hypothesis import given
from hypothesis.extra.numpy import arrays
from hypothesis.strategies import integers

from imgsig import generate_signature, quality
from imgsig.strips import get_strip

signatures = arrays(np.int8, 648, elements=integers(-2, 2))


@given(signatures)
def test_it_is_the_share_of_free_values_that_are_not_0(signature):
    free = signature[get_strip("half").kept]
    assert quality(signature).tolist() == [np.count_nonzero(free) / 272]
    assert quality([signature, -signature]).tolist() == 2 * quality(signature).tolist()


def test_what_is_plain_has_less():
    plain = np.full((200, 200), 0.5)
    busy = np.random.default_rng(0).random((200, 200))
    blank, full = (quality(generate_signature(one))[0] for one in (plain, busy))
    assert blank == 0
    assert full > 0.5
