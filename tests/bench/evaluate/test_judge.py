"""Parts of the queries; the judge itself is tested with the rankings that scoring runs compare."""

import numpy as np
import pandas as pd

from bench.evaluate.judge import parts_of


def test_parts_are_of_the_half_that_is_reported_on():
    queries = pd.DataFrame(
        {
            "half": ["tune", "report", "report", "report"],
            "origin": ["made", "made", "natural", "made"],
            "stratum": ["objects", "objects", "objects", "clipart"],
        }
    )
    parts = {name: np.flatnonzero(one).tolist() for name, one in parts_of(queries).items()}
    assert parts == {
        "all": [0, 1, 2, 3],
        "tune": [0],
        "report": [1, 2, 3],
        "made": [1, 3],
        "natural": [2],
        "clipart": [3],
        "objects": [1, 2],
    }
    assert list(parts_of(queries, ["stratum"])) == ["all", "tune", "report", "clipart", "objects"]
