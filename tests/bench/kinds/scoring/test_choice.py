"""What is recommended."""

import pandas as pd
import pytest

from bench.kinds.scoring.choice import not_worse, recommended


@pytest.fixture
def tables():
    """The reference, a smaller index of which one scoring is no worse, and a larger, better one."""
    systems = pd.DataFrame(
        [
            ("old", "63x16 count", "distance", 3000),
            ("small", "272 bits", "hamming", 50),
            ("small", "272 bits", "hamming - kth", 50),
            ("large", "544 bits", "hamming - kth", 4000),
        ],
        columns=["index", "source", "scoring", "bytes_per_document"],
    )
    low = {"distance": 0.0, "hamming": -0.1, "hamming - kth": 0.01}
    rows = [
        {"source": one.source, "scoring": one.scoring, "k": 3, "part": part, "measure": measure}
        | {"value": 0.9, "difference_low": low[one.scoring] if part == "report" else -1.0}
        for one in systems.itertuples()
        for part in ("all", "report", "made")
        for measure in ("uAP", "R@P99")
    ]
    return systems, pd.DataFrame(rows)


def test_the_smallest_that_is_no_worse_is_recommended(tables):
    found = not_worse(*tables)
    assert found["index"].tolist() == ["small", "large"]
    assert set(found["scoring"]) == {"hamming - kth"}
    assert recommended(*tables) == ("272 bits", "hamming - kth")


def test_where_none_is_smaller_the_reference_stays(tables):
    systems, values = tables
    assert recommended(systems[systems["index"] != "small"], values) == ("63x16 count", "distance")


def test_worse_in_one_measure_is_worse(tables):
    systems, values = tables
    worse = (values["measure"] == "R@P99") & (values["source"] == "272 bits")
    values.loc[worse, "difference_low"] = -0.001
    assert recommended(systems, values) == ("63x16 count", "distance")
