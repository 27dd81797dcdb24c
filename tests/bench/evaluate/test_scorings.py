"""Scorings, and values less their background."""

import pandas as pd

from bench.evaluate.scorings import SCORINGS, get_scoring, normalised


def test_every_scoring_has_a_name_of_its_own_that_tells_its_rule():
    assert len({one.name for one in SCORINGS}) == len(SCORINGS)
    assert len({(one.by, one.value, one.rule) for one in SCORINGS}) == len(SCORINGS)
    for one in SCORINGS:
        assert one.name.endswith(f" - {one.rule}") if one.rule else " - " not in one.name


def test_what_an_answer_lacks_counts_as_the_worst():
    hits = pd.DataFrame({"row": [0, 0, 2], "rank": [0, 1, 0], "score": [9, 4, 7]})
    hits = hits.assign(distance=[0.25, 0.5, 0.75])
    found = normalised(get_scoring("count - kth"), hits, 3, 4, 2)
    assert found.tolist() == [5, 0, 7]
    found = normalised(get_scoring("distance - kth"), hits, 3, 4, 2)
    assert found.tolist() == [0.25, 0, 0.25]
    assert normalised(get_scoring("distance"), hits, 3, 4, 0).tolist() == [-0.25, -0.5, -0.75]
