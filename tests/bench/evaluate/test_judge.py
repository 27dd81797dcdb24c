"""Parts of the queries; the judge itself is tested with the rankings that scoring runs compare."""

import numpy as np
import pandas as pd
import pytest

from bench.evaluate.judge import check_halves, parts_of
from bench.runs.errors import MeasurementError


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


def test_each_half_needs_queries_with_a_match():
    queries = pd.DataFrame({"half": ["tune", "tune", "report", "report"], "status": "ok"})
    check_halves(queries.assign(doc=[0, -1, 3, 4]))
    with pytest.raises(MeasurementError, match=r"1 are of scenes to tune on and 2 of .* needs 2"):
        check_halves(queries.assign(doc=[0, -1, 3, 4]), 2)
    with pytest.raises(MeasurementError, match="0 are of scenes to tune on and 1 of"):
        check_halves(queries.assign(doc=[-1, -1, 3, -1]))
    failed = queries.assign(doc=1, status=["ok", "ok", "failed", "failed"])
    with pytest.raises(MeasurementError, match="2 are of scenes to tune on and 0 of"):
        check_halves(failed)
