"""Bits chosen by what they tell, and what few of them find."""

import numpy as np
import pytest

from bench.kinds.scoring.bits import bit_tables, choose_bits
from bench.kinds.scoring.lists import Searches, all_sources
from imgsig.strips import get_strip


def test_what_tells_comes_before_noise_and_repetition():
    rng = np.random.default_rng(0)
    right, unrelated = rng.random((4000, 6)) < 0.1, rng.random((4000, 6)) < 0.5
    right[:, 2] = rng.random(4000) < 0.5  # as often in copies as in others
    right[:, 4], unrelated[:, 4] = right[:, 3], unrelated[:, 3]  # the same bit twice
    order = choose_bits(right, unrelated).tolist()
    assert set(order[:4]) in ({0, 1, 5, 3}, {0, 1, 5, 4})
    assert order[4] in {3, 4}
    assert order[5] == 2


@pytest.fixture(scope="module")
def tables(scoring, signed):
    config = scoring.model_copy(update={"bits": [64, 128]})
    searches = Searches(signed, config.search.size)
    (source, scorings), *_ = all_sources(config.expand()).values()
    return bit_tables(config, signed, searches, searches.list(source, scorings))


def test_all_free_values_are_in_the_order_once(tables):
    chosen = tables["chosen_bits"]
    assert chosen["order"].tolist() == list(range(272))
    assert set(chosen["value"]) == set(np.flatnonzero(get_strip("half").kept))


def test_every_code_has_every_rule(tables):
    table = tables["bits"]
    codes = {"272, value >= 0", "272, value > 0"}
    codes |= {f"{count} {how}" for count in (64, 128) for how in ("chosen", "evenly")}
    assert set(table["code"]) == codes
    assert set(table["scoring"]) == {"hamming", "hamming - kth", "hamming - gap"}
    assert table["value"].between(0, 1).all()
