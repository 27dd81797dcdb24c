"""Pieces and orientations, as edits that a process can be sent."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng
from PIL import Image

from bench.kinds.remedies.made import Piece, chained, copies, oriented, piece
from imgsig.index import ORIENTATIONS
from imgsig.index.orientations import turned

LEVELS = default_rng(0).integers(0, 256, (30, 50, 3)).astype(np.uint8)
PICTURE = Image.fromarray(LEVELS)
share = st.floats(0, 1)


def test_a_piece_lies_where_it_says():
    cut = piece(Piece(0.5, 1, 0.5))(PICTURE, default_rng(0))
    np.testing.assert_array_equal(np.asarray(cut), LEVELS[8:23, 25:])


@given(st.floats(0.1, 0.99), share, share, st.integers(1, 40), st.integers(1, 40))
def test_a_piece_lies_within_its_picture(side, across, down, width, height):
    whole = Image.fromarray(np.full((height, width), 7, dtype=np.uint8))
    cut = np.asarray(piece(Piece(side, across, down))(whole, default_rng(0)))
    assert 1 <= cut.shape[0] <= height
    assert 1 <= cut.shape[1] <= width
    assert (cut == 7).all()  # outside is black


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_an_orientation_is_that_of_the_index(orientation):
    edited = oriented(orientation)(PICTURE, default_rng(0))
    np.testing.assert_array_equal(np.asarray(edited), turned(LEVELS, orientation))


def test_edits_follow_each_other_and_can_be_sent():
    both = chained(piece(Piece(0.5, 0, 0)), oriented("mirrored"))
    sent = pickle.loads(pickle.dumps(both))  # noqa: S301 - what a process is sent
    assert sent.get_config() == both.get_config() == {"family": "piece-0.5-0-0 then mirrored"}
    expected = LEVELS[:15, 24::-1]
    np.testing.assert_array_equal(np.asarray(sent(PICTURE, default_rng(0))), expected)


def test_all_that_is_stored_has_a_name_of_its_own():
    every = copies([Piece(0.5, 0, 0), Piece(0.5, 1, 0)], ORIENTATIONS)
    assert len({one.id for one in every}) == len(every) == 3 * 8 - 1
