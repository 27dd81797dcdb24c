"""A difference between engine and simulator is an error that names variant, query and rank."""

import pandas as pd
import pytest

from bench.kinds.sweep.confirm import compare_hits
from bench.runs.errors import MeasurementError

HITS = [(3, 0, 7, 20), (3, 1, 2, 9), (8, 0, 5, 63), (8, 1, 6, 4), (8, 2, 7, 4)]


def table(rows):
    return pd.DataFrame(rows, columns=["query", "rank", "doc", "score"])


def test_equal_hits_pass():
    compare_hits("made", table(HITS), table(HITS[::-1]))
    compare_hits("made", table([]), table([]))


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (
            [*HITS[:3], (8, 1, 7, 4), (8, 2, 6, 4)],
            "query 8, rank 1: .*document 7 with score 4, .*document 6 with score 4 .2 of 5",
        ),
        ([HITS[0], (3, 1, 2, 8), *HITS[2:]], "query 3, rank 1: .*score 8, .*score 9 .1 of 5"),
        (HITS[:4], "query 8, rank 2: .*returned nothing, .*document 7 with score 4"),
        ([*HITS, (9, 0, 1, 1)], "query 9, rank 0: .*document 1 with score 1, .*predicts nothing"),
        ([], "query 3, rank 0: .*returned nothing"),
    ],
)
def test_the_first_difference_is_named(found, message):
    with pytest.raises(MeasurementError, match="variant made, " + message):
        compare_hits("made", table(found), table(HITS))
