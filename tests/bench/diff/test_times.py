"""Times of two runs: ratios of medians, and the noise within each."""

import numpy as np
import pandas as pd
import pytest

from bench.diff.times import TIME_TABLES, compare_times, timed, times_of
from bench.runs.folder import RunFolder


def test_a_ratio_has_the_noise_within_both_runs():
    rng = np.random.default_rng(0)
    a, b = rng.gamma(20, 1, 400), 2 * rng.gamma(20, 1, 300)
    row = compare_times({"search": a, "gone": a}, {"search": b}).iloc[0]
    assert row["ratio"] == pytest.approx(np.median(b) / np.median(a))
    assert 1.7 < row["low"] < 2 < row["high"] < 2.3


def test_medians_alone_have_no_interval_and_equal_samples_none_to_speak_of():
    one, many = np.array([3.0]), np.array([1.0, 2.0, 3.0])
    table = compare_times({"m": one, "s": many}, {"m": 2 * one, "s": many.copy()})
    assert table["ratio"].to_list() == [2, 1]
    assert table["low"].isna().to_list() == [True, False]
    assert table.loc[1, ["low", "high"]].to_list() == [1, 1]


def test_times_are_in_milliseconds_a_document(tmp_path):
    folder = RunFolder(tmp_path)
    rows = {"variant": ["a", "a", "b"], "documents": [10, 20, 10], "seconds": [1.0, 1.0, 4.0]}
    folder.write_table("index_samples", pd.DataFrame(rows))
    found = times_of(folder, "experiment", {"index_samples": {}})
    assert {name: samples.tolist() for name, samples in found.items()} == {
        "indexing a document: a": [100, 50],
        "indexing a document: b": [400],
    }


def test_an_axis_that_only_one_run_varies_parts_no_times(tmp_path):
    base = {"variant": "a", "clients": 1, "minimum_should_match": 1, "fetch": "id", "state": "warm"}
    rows = [base | {"latency_ms": 3.0}, base | {"latency_ms": 4.0}]
    folders = [RunFolder(tmp_path / name) for name in ("plain", "varied")]
    for folder in folders:
        folder.path.mkdir()
    folders[0].write_table("search_samples", pd.DataFrame(rows[:1]))
    varied = [one | {"terms_set": one is rows[1], "together": 1} for one in rows]
    folders[1].write_table("search_samples", pd.DataFrame(varied))
    plain, more = (times_of(one, "experiment", {"search_samples": {}}) for one in folders)
    (name,) = plain
    assert {key: values.tolist() for key, values in more.items()} == {
        name: [3.0],
        f"{name}, terms_set True": [4.0],
    }
    varied = timed(folders[1], "experiment", {"search_samples": {}})
    assert [one.subject for one in varied.values()] == ["a", "a"]
    assert len({one.how for one in varied.values()}) == 2


def test_only_what_is_timed_in_the_same_way_is_alike(tmp_path):
    folder = RunFolder(tmp_path)
    rows = [
        {"codec": codec, "what": what, "signatures": 10, "seconds": 1.0}
        for codec in ("a", "b")
        for what in ("encode", "decode")
    ]
    folder.write_table("samples", pd.DataFrame(rows))
    found = timed(folder, "codecs", {"samples": {}})
    told = {name: (one.subject, one.how) for name, one in found.items()}
    assert told == {
        "a signature: a, encode, 10": ("a", "samples: encode, 10"),
        "a signature: a, decode, 10": ("a", "samples: decode, 10"),
        "a signature: b, encode, 10": ("b", "samples: encode, 10"),
        "a signature: b, decode, 10": ("b", "samples: decode, 10"),
    }


def test_a_way_is_told_by_columns_that_tell_times_apart():
    every = [source for sources in TIME_TABLES.values() for source in sources]
    assert all(set(source.how) < set(source.keys) for source in every)
