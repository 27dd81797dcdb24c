"""Tables of a run are compared byte for byte, times apart; a disk needs root."""

import pandas as pd
import pytest

from bench.runs.errors import BenchError
from tests.faults.disk import small_disk
from tests.faults.small_run import differences, digests


def test_tables_that_differ_are_named(run):
    expected = digests(run)
    pd.DataFrame({"query": [0, 1], "took_ms": [5.0, 6.0]}).to_parquet(run / "timings.parquet")
    assert set(expected) == {"metrics", "curves", "timings"}
    assert differences(expected, run) == []
    pd.DataFrame({"query": [0, 2], "took_ms": [3.0, 4.0]}).to_parquet(run / "timings.parquet")
    assert differences({**expected, "metrics": "x", "more": "y"}, run) == [
        "metrics",
        "more",
        "timings",
    ]


def test_a_disk_that_cannot_be_mounted_is_said_with_the_remedy(tmp_path):
    refused = pytest.raises(BenchError, match=r"no disk of nothing .*needs root.*name the files")
    with refused, small_disk(tmp_path / "disk", "nothing"):
        pytest.fail("it was mounted")
    assert not list(tmp_path.iterdir())
