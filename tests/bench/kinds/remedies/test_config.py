"""Remedy configs, what their grids cut, and what is wrong with some."""

import pytest
from pydantic import ValidationError

from bench.kinds.remedies.config import Grid, Remedies
from bench.kinds.remedies.made import Piece

BITS = {"name": "bits", "layout": "vector_sign_flat", "codec": {"id": "none"}}
NONE = {"name": "nothing"}
ASK = {"name": "ask", "asked": "all"}
GIVEN = {"kind": "remedies", "name": "made", "variants": [BITS], "remedies": [NONE, ASK]}


def test_pieces_are_spread_from_edge_to_edge():
    assert Grid(side=0.5, each_way=1).pieces() == [Piece(0.5, 0.5, 0.5)]
    four = Grid(side=0.8, each_way=2).pieces()
    assert four == [
        Piece(0.8, 0, 0),
        Piece(0.8, 1, 0),
        Piece(0.8, 0, 1),
        Piece(0.8, 1, 1),
    ]
    assert {one.across for one in Grid(side=0.8, each_way=3).pieces()} == {0, 0.5, 1}


def test_a_remedy_says_what_is_stored_and_what_is_asked():
    first, ask = Remedies.model_validate(GIVEN).remedies
    assert (first.is_none, ask.is_none) == (True, False)
    assert (len(first.orientations), len(ask.orientations)) == (1, 8)
    assert len(ask.stored_orientations) == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"remedies": [ASK, NONE]}, "the first, 'ask', is what all others are compared with"),
        ({"remedies": [NONE, ASK, ASK]}, "'ask' is there twice"),
        ({"remedies": [NONE, ASK, ASK | {"name": "again"}]}, "'again' is there twice"),
        ({"dataset": {"tiles": [96]}}, "the documents are whole pictures"),
        ({"dataset": {"tiles": []} | {"planted": {}}}, "plant no copies"),
        ({"variants": [{"name": "tester", "codec": {"id": "int_array"}}]}, "tester: remedies are"),
        ({"variants": [BITS | {"layout": "vector_sign_hnsw"}]}, "by all vectors of bits alone"),
        ({"k": [100]}, "k: 100 is no rank below the 100 hits"),
        (
            {"remedies": [NONE, {"name": "one", "pieces": [{"side": 1, "each_way": 1}]}]},
            "less than",
        ),
        (
            {
                "variants": [
                    BITS,
                    {"name": "bits-pieces", "layout": "keyword_column", "codec": {"id": "none"}},
                ],
                "remedies": [NONE, {"name": "pieces", "pieces": [{"side": 0.5, "each_way": 2}]}],
            },
            "an index of bits is called 'bits-pieces', and so is that of bits-pieces",
        ),
    ],
)
def test_what_is_no_comparison_is_refused(changed, said):
    with pytest.raises(ValidationError, match=said):
        Remedies.model_validate(GIVEN | changed)
