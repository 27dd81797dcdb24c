"""What a comparison says, and its page."""

import pandas as pd
import pytest

from bench.diff.limits import parse_limit
from bench.diff.page import diff_page, sentences
from bench.diff.quality import APART, COLUMNS, PAIRED
from bench.diff.runs import Diff


def compared(*, paired=True, low=0.9, kind="experiment", ratios=(1.1,)):
    quality = [
        ["i", "score", "uAP", 0.8, 0.7, -0.1, -0.12, -0.05, "worse", PAIRED if paired else APART],
        ["i", "score", "held_out_recall@P90", 0.8, 0.9, 0.1, -0.1, 0.3, "cannot be told", APART],
    ]
    parts = {
        "bytes": pd.DataFrame({"index": "i", "a": 100.0, "b": 110.0, "ratio": ratios}),
        "quality": pd.DataFrame(quality, columns=COLUMNS),
        "time": pd.DataFrame(
            {
                "what": ["search"],
                "a": [1.0],
                "b": [1.2],
                "ratio": [1.2],
                "low": [low],
                "high": [1.4],
            }
        ),
    }
    changes = pd.DataFrame({"what": ["config.<b>"], "a": ["1"], "b": ["2"]})
    only = {("bytes", "B"): ["new"]}
    runs = {"a": "results/a", "b": "results/b"}
    return Diff(runs, kind, ["Of two engines."], changes, parts, only, paired)


def test_limits_come_first():
    first, second, *_ = sentences(compared(), [parse_limit("bytes=5%"), parse_limit("time=1.5")])
    assert first == "bytes=5% is not kept: i takes +10.0% bytes."
    assert second == "time=1.5 is kept."


def test_how_quality_was_compared_is_said():
    paired, apart = (" ".join(sentences(compared(paired=each))) for each in (True, False))
    assert "differences are paired" in paired
    assert "but 1 held-out and other values" in paired
    assert "1 worse, 1 cannot be told" in paired
    assert "NOT paired" in apart
    assert "differences are paired" not in apart


def test_times_without_samples_have_unknown_noise():
    said = " ".join(sentences(compared(low=float("nan"))))
    assert "keep medians alone" in said
    assert "were not measured side by side" in " ".join(sentences(compared()))


@pytest.mark.parametrize(
    ("ratios", "said"),
    [
        ((1.0, 1.0), "the same in 2 indices"),
        ((0.9996, 1.0004), "the same within 0.05 % in 2 indices"),
        ((0.9994, 1.0004), "B takes 0.999 to 1.000 times A's in 2 indices"),
        ((1.1, 1.1), "B takes 1.100 times A's in 2 indices"),
    ],
)
def test_only_what_is_equal_is_the_same(ratios, said):
    assert f"Bytes a document: {said} of both." in sentences(compared(ratios=ratios))


def test_what_a_kind_does_not_have_is_said_not_to_be_compared():
    told = sentences(compared(kind="nodes"))
    assert "Quality is not compared for runs of kind nodes." in told
    assert not any("values of B beside A's" in one for one in told)
    told = sentences(compared(kind="scale"))
    assert "Times are not compared for runs of kind scale." in told


def test_why_nothing_is_paired_is_said():
    told = " ".join(sentences(compared(kind="sweep", paired=False)))
    assert "Runs of kind sweep keep no hits, so differences are NOT paired" in told
    assert "The queries differ" in " ".join(sentences(compared(paired=False)))


def test_the_page_is_whole_and_escaped():
    page = diff_page(compared(), [parse_limit("bytes=5%")])
    assert "bytes=5% is not kept" in page
    assert page.index("Of two engines.") < page.index("Quality</h2>")
    assert "config.&lt;b&gt;" in page
    assert "<summary>Every measure</summary>" in page
    assert "http://" not in page
