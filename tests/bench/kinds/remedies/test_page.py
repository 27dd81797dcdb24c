"""What to do, in one sentence."""

import pandas as pd
import pytest

from bench.kinds.remedies.page import what_to_do
from bench.kinds.remedies.tables import CROPPED, OTHER, TURNED

COLUMNS = ["source", "part", "value", "difference_low", "difference_high", "bytes_per_picture"]
COLUMNS += ["search_ms", "times", "pieces", "stored", "asked"]


def _rows(*rows, n=50):
    return pd.DataFrame(rows, columns=COLUMNS).assign(variant="bits", n=n)


NONE = [("bits", part, 0.1, 0, 0, 50, 5, 1, 0, 1, 1) for part in (TURNED, CROPPED, OTHER)]
ASK = ("bits, ask", TURNED, 0.93, 0.7, 0.9, 50, 20, 4, 0, 1, 8)
STORE = ("bits, store", TURNED, 0.935, 0.7, 0.9, 400, 6, 1.2, 0, 8, 1)
FEW = ("bits, few", CROPPED, 0.5, 0.3, 0.5, 250, 6, 1.1, 4, 5, 1)
MANY = ("bits, many", CROPPED, 0.9, 0.7, 0.9, 3300, 9, 1.8, 65, 66, 1)
WORSE = ("bits, ask", OTHER, 0.09, -0.02, -0.01, 50, 20, 4, 0, 1, 8)


@pytest.mark.parametrize(
    ("rows", "part", "said"),
    [
        (
            [ASK, STORE, WORSE],
            TURNED,
            "Where pictures come turned or mirrored, search for all 8 orientations of a query in "
            "one request: uAP of these goes from 0.100 to 0.930, for 50 bytes a picture in place "
            "of 50 and 4.0 times the time of a search; other edits: worse (-0.020 to -0.010).",
        ),
        (
            [FEW, MANY],
            CROPPED,
            "Where pictures come cropped, store 65 pieces of each too: uAP of these goes from "
            "0.100 to 0.900, for 3,300 bytes a picture in place of 50 and 1.8 times the time of a "
            "search.",
        ),
        (
            [ASK],
            CROPPED,
            "Nothing that was tried is shown to find more of cropped pictures than 0.100 (uAP).",
        ),
    ],
)
def test_it_follows_from_what_is_shown_to_find_more(rows, part, said):
    assert what_to_do(_rows(*NONE, *rows), part) == said


def test_few_queries_that_all_say_the_same_tell_nothing_of_other_edits():
    same = ("bits, ask", OTHER, 0.05, -0.05, -0.05, 50, 20, 4, 0, 1, 8)
    assert what_to_do(_rows(*NONE, ASK, same, n=3), TURNED).endswith(
        "other edits: cannot be told (-0.050 to -0.050)."
    )
