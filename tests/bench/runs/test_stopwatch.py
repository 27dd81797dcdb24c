"""Stages are timed over all starts of a run."""

import pytest

from bench.runs.stopwatch import Stopwatch


def test_seconds_add_up_over_restarts(tmp_path):
    path = tmp_path / "seconds.json"
    watch = Stopwatch(path)
    with watch.time("sign"):
        pass
    watch.seconds["sign"] = 2.0
    with watch.time("index"):
        pass
    again = Stopwatch(path)
    with again.time("sign"):
        pass
    assert again.seconds["sign"] >= 2.0
    assert set(Stopwatch(path).seconds) == {"sign", "index"}


def test_a_failed_stage_is_not_counted(tmp_path):
    watch = Stopwatch(tmp_path / "seconds.json")
    with pytest.raises(KeyError), watch.time("sign"):
        raise KeyError
    assert watch.seconds == {}


def test_stages_are_told_where_bars_cannot_be_seen(tmp_path):
    told = []
    with Stopwatch(tmp_path / "seconds.json", told.append).time("sign"):
        pass
    assert told == ["sign: 0.0 s"]
