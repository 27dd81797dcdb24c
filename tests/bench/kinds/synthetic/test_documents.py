"""Documents of any length: the same rows in whatever order and pieces they are read."""

import queue
import weakref
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.kinds.synthetic.documents import KEPT, Documents, DrawnAhead, drawn
from bench.kinds.synthetic.model import BLOCK
from tests.bench.kinds.synthetic.conftest import draw

REAL = 100
LENGTH = REAL + 2 * BLOCK + 300


def numbered(number: int) -> np.ndarray:
    """A block whose rows tell their number apart, by their first two values."""
    rows = np.arange(number * BLOCK, (number + 1) * BLOCK)
    return np.stack([rows // 100, rows % 100], axis=1).astype(np.int8)


REAL_ROWS = -np.ones((REAL, 2), dtype=np.int8)
WHOLE = np.concatenate([REAL_ROWS, *(numbered(number) for number in range(3))])[:LENGTH]


@given(st.lists(st.integers(0, LENGTH), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_rows_are_the_same_in_any_pieces_and_order(cuts, random):
    documents = Documents(REAL_ROWS, LENGTH, numbered)
    cuts = sorted(cuts)
    pieces = list(pairwise(cuts))
    in_turn = random.sample(pieces, len(pieces))
    read = {piece: documents.rows(*piece) for piece in in_turn}
    together = np.concatenate([read[piece] for piece in pieces])
    np.testing.assert_array_equal(together, WHOLE[cuts[0] : cuts[-1]])
    np.testing.assert_array_equal(documents[cuts[0] : cuts[-1]], together)


@given(st.slices(LENGTH).filter(lambda rows: (rows.step or 1) > 0))
def test_a_slice_is_that_of_an_array(rows):
    np.testing.assert_array_equal(Documents(REAL_ROWS, LENGTH, numbered)[rows], WHOLE[rows])


def test_fewer_documents_are_the_first_ones():
    documents = Documents(REAL_ROWS, LENGTH, numbered)
    assert len(documents) == LENGTH
    assert len(documents.first(50)) == 50
    np.testing.assert_array_equal(documents.first(50)[:], WHOLE[:50])
    np.testing.assert_array_equal(documents.synthetic(200)[:], WHOLE[REAL : REAL + 200])


@pytest.mark.parametrize(("start", "stop"), [(-1, 5), (0, LENGTH + 1), (LENGTH + 1, LENGTH + 1)])
def test_rows_that_are_not_there_are_an_error(start, stop):
    with pytest.raises(IndexError, match="not all among 2,448"):
        Documents(REAL_ROWS, LENGTH, numbered).rows(start, stop)
    with pytest.raises(IndexError, match="no model"):
        Documents(REAL_ROWS, LENGTH)[:]
    with pytest.raises(IndexError, match="forwards"):
        Documents(REAL_ROWS, REAL)[::-1]


def test_they_are_those_of_the_seed_and_few_blocks_are_kept(unguided):
    model = unguided
    real = draw(model, 10, seed=1)
    documents = drawn(real, model, 7, 10_000_000)
    np.testing.assert_array_equal(documents.rows(5, 1_500)[5:], draw(model, 1_490, seed=7))
    far = documents.rows(9_000_000, 9_000_010)
    for start in range(0, 8 * BLOCK, BLOCK):
        documents.rows(start, start + 10)
    np.testing.assert_array_equal(documents.rows(9_000_000, 9_000_010), far)
    assert (drawn(real, model, 8, 20)[10:] != documents[10:20]).any(axis=1).all()


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_each_block_is_the_one_of_its_number_and_few_are_kept(numbers):
    made: list[weakref.ref[np.ndarray]] = []

    def draw(number: int) -> np.ndarray:
        block = np.full(4, number)
        made.append(weakref.ref(block))
        return block

    blocks = DrawnAhead(draw)
    for number in numbers:
        assert (blocks(number) == number).all()
        assert sum(one() is not None for one in made) <= KEPT + 1  # one more on its way out


def test_the_next_of_blocks_in_turn_is_drawn_meanwhile():
    drawn_blocks: queue.Queue[int] = queue.Queue()

    def draw(number: int) -> np.ndarray:
        drawn_blocks.put(number)
        return np.zeros(1)

    blocks = DrawnAhead(draw)
    blocks(0)
    assert [drawn_blocks.get(timeout=60) for _ in range(2)] == [0, 1]
    blocks(1)
    blocks(7)  # out of turn: nobody will ask for 8
    assert [drawn_blocks.get(timeout=60) for _ in range(2)] == [2, 7]
    assert drawn_blocks.empty()
