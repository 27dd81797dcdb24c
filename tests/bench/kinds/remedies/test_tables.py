"""Parts of the queries that remedies are for, and what signing takes."""

import pandas as pd

from bench.evaluate.judge import REPORT, TUNE
from bench.kinds.remedies.tables import (
    CROPPED,
    OTHER,
    TURNED,
    groups,
    part_counts,
    question_parts,
    signing_table,
)
from datasets.queries import PARTS

QUERIES = pd.DataFrame(
    {
        "family": ["turn", "mirror", "crop", "trim", "jpeg", "natural", "turn"],
        "transform": ["turn-90", "mirror", "crop-30", "trim-5", "jpeg-30", "thumbnail", "turn-90"],
        "origin": ["made"] * 5 + ["natural", "made"],
        "half": [REPORT] * 6 + [TUNE],
        "stratum": ["objects", *["clipart"] * 6],
    }
)


def test_queries_are_told_apart_by_what_was_done():
    assert groups(QUERIES).tolist() == [TURNED, TURNED, CROPPED, CROPPED, OTHER, "natural", TURNED]
    assert groups(QUERIES.drop(columns="origin"))[5] == OTHER


def test_parts_are_of_the_half_that_is_reported():
    counts = part_counts(QUERIES)
    assert counts[TURNED] == 2
    assert counts["turn-90"] == counts["natural"] == counts["thumbnail"] == 1
    assert counts["objects"] == 1
    assert counts[TUNE] == 1
    parts = question_parts(QUERIES)
    assert not parts[TURNED][6]
    assert parts["all"].all()


def test_no_natural_pair_is_called_as_a_part():
    assert {*part_counts(QUERIES.drop(columns="stratum"))} - {*QUERIES["transform"]} <= PARTS
    assert {TURNED, CROPPED, OTHER, "all", TUNE, REPORT, *QUERIES["origin"]} <= PARTS


def test_signing_is_told_beside_one_signature():
    samples = pd.DataFrame(
        {
            "made": ["one"] * 3 + ["five"] * 3,
            "picture": ["a", "b", "c"] * 2,
            "signatures": [1] * 3 + [5] * 3,
            "seconds": [0.01, 0.03, 0.02, 0.08, 0.04, 0.09],
        }
    )
    table = signing_table(samples).set_index("made")
    assert table["sign_ms"].tolist() == [20, 80]
    assert table["times_one"].tolist() == [1, 4]
    assert table.loc["five", "signatures"] == 5
