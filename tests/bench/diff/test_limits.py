"""Limits: read, kept and passed."""

import math

import pandas as pd
import pytest

from bench.diff.limits import parse_limit
from bench.diff.quality import COLUMNS
from bench.diff.runs import Diff


def compared(*, size=1.0, fell=0.0, time=(1.0, 1.0), only=None, measure="uAP", kind="experiment"):
    quality = [["i", "score", measure, 0.9, 0.9 - fell, -fell, -fell, -fell, "worse", "paired"]]
    parts = {
        "bytes": pd.DataFrame({"index": ["i"], "a": 100.0, "b": 100 * size, "ratio": size}),
        "quality": pd.DataFrame(quality, columns=COLUMNS),
        "time": pd.DataFrame({"what": ["search"], "ratio": time[1], "low": time[0]}),
    }
    return Diff({}, kind, [], pd.DataFrame(), parts, only or {}, paired=True)


@pytest.mark.parametrize(
    ("limit", "kept", "passed", "said"),
    [
        ("bytes=5%", {"size": 1.04}, {"size": 1.06}, ["i takes +6.0% bytes"]),
        ("bytes=0", {"size": 0.9}, {"size": math.nan}, ["i takes – bytes"]),
        ("quality=0.01", {"fell": 0.009}, {"fell": 0.02}, ["uAP of i by score changes by -0.020"]),
        ("quality=1%", {"fell": -0.5}, {"fell": 0.02}, ["uAP of i by score changes by -0.020"]),
        ("time=1.5", {"time": (1.4, 1.6)}, {"time": (1.6, 1.7)}, ["search takes 1.70× as long"]),
        ("time=1.5", {"time": (math.nan, 1.4)}, {"time": (math.nan, 2)},
         ["search takes 2.00× as long"]),
        ("bytes=5%", {"only": {("bytes", "B"): ["new"]}},
         {"only": {("bytes", "A"): list("vwxyz")}}, ["B lacks v, w, x and 2 more"]),
    ],
)  # fmt: skip
def test_a_limit_is_kept_or_says_what_is_past_it(limit, kept, passed, said):
    assert parse_limit(limit).passed(compared(**kept)) == []
    assert parse_limit(limit).passed(compared(**passed)) == said


def test_only_headline_measures_are_held_to_a_limit():
    assert parse_limit("quality=0.01").passed(compared(fell=0.5, measure="R@P99.9")) == []


def test_a_part_without_anything_to_compare_keeps_no_limit():
    nothing = compared()
    nothing.parts["time"] = nothing.parts["time"].head(0)
    (said,) = parse_limit("time=2").passed(nothing)
    assert said == "there is nothing that both runs have to compare"
    nothing = compared(kind="nodes")
    nothing.parts["quality"] = nothing.parts["quality"].head(0)
    (said,) = parse_limit("quality=0.01").passed(nothing)
    assert said == "quality is not compared for runs of kind nodes"


@pytest.mark.parametrize("text", ["size=5%", "bytes", "", "=3"])
def test_a_limit_of_something_else_is_refused(text):
    with pytest.raises(ValueError, match=r"use bytes=5%, quality=0\.01 or time=1\.5"):
        parse_limit(text)


@pytest.mark.parametrize("text", ["bytes=", "bytes=-1%", "quality=nan", "time=0.9", "time=inf"])
def test_a_limit_that_is_no_number_it_can_be_is_refused(text):
    with pytest.raises(ValueError, match="must be a number from"):
        parse_limit(text)
