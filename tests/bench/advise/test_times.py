"""Times of searches at any size, from a made scale run of which every figure is known by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bench.advise.times import Times, field_kind
from bench.cost.searching import at_base
from bench.report.axes import where
from bench.runs.environment import ROOT
from bench.runs.folder import RunFolder

SIZES = (20_000, 200_000, 1_000_000)
#: Constant, and milliseconds a million documents, of each index; postings a document of words.
INDICES = {"words": (5.0, 40.0), "bits": (4.0, 30.0)}
POSTINGS = 0.5


def variant(name):
    layout = "keyword_column" if name == "words" else "vector_sign_flat"
    return {"N": 63, "k": 6, "codec": {"id": "none"}, "layout": layout, "index": name}


@pytest.fixture(scope="module")
def scale():
    """Stands for the folder of a run: a manifest and tables."""
    condition = {"clients": 1, "minimum_should_match": 1, "fetch": "signature", "state": "warm"}
    spread = np.linspace(-1, 1, 91)
    samples, cost = [], []
    for name, (constant, slope) in INDICES.items():
        for size in SIZES:
            median = constant + slope * size / 1e6
            own = {"documents": size, "variant": name, **condition}
            samples += [
                own | {"query": number, "latency_ms": median + float(each)}
                for number, each in enumerate(spread)
            ]
            for clients in (1, 8):
                busy = own | {"clients": clients, "clock": "latency", "throughput": 2000 / median}
                cost.append(busy)
    tables = {
        "search_samples": pd.DataFrame(samples),
        "search_cost": pd.DataFrame(cost),
        "postings": pd.DataFrame(
            [(size, "63x6", POSTINGS) for size in SIZES],
            columns=["documents", "source", "postings_over_documents"],
        ),
    }
    manifest = {
        "machine": {"cores": 2},
        "tables": tables,
        "config": {"variants": [variant(name) for name in INDICES]},
    }
    return SimpleNamespace(manifest=lambda: manifest, table=tables.__getitem__)


@pytest.fixture(scope="module")
def times(scale):
    return Times.of(scale)


def row(name, **more):
    return {"variant": name, "layout": variant(name)["layout"], **more}


def test_a_size_that_was_measured_is_told_as_measured(times):
    speed = times.speed(row("words"), 200_000, 1)
    assert speed.source == "measured"
    assert speed.milliseconds == 13
    assert speed.low <= 13 <= speed.high
    assert speed.core_seconds == pytest.approx(0.013)  # two cores answer 2000 / 13 a second


def test_cores_that_no_client_keeps_busy_are_not_counted(scale):
    manifest = {**scale.manifest(), "machine": {"cores": 64}}
    of_many = SimpleNamespace(manifest=lambda: manifest, table=scale.table)
    speed = Times.of(of_many).speed(row("words"), 200_000, 1)
    assert speed.core_seconds == pytest.approx(8 * 0.0065)  # eight clients at most


def test_between_sizes_and_beyond_them_a_line_goes_on(times):
    between, beyond = (times.speed(row("bits"), size, 1) for size in (500_000, 8_000_000))
    assert (between.source, beyond.source) == ("fitted", "extrapolated")
    assert between.milliseconds == pytest.approx(19)
    assert beyond.milliseconds == pytest.approx(244)
    assert beyond.low < 0.86 * 244 < 1.14 * 244 < beyond.high


def test_below_the_sizes_it_is_at_most_the_time_of_the_smallest(times):
    speed = times.speed(row("bits"), 1, 1)
    assert speed.source == "extrapolated"
    assert speed.milliseconds == pytest.approx(4, rel=1e-4)
    smallest = times.speed(row("bits"), 20_000, 1)
    assert speed.high >= smallest.high
    assert speed.work_over_timed == 1e-6


def test_one_size_tells_no_constant(scale):
    def table(name):
        return where(scale.table(name), documents=200_000)

    of_one = Times.of(SimpleNamespace(manifest=scale.manifest, table=table))
    at, half, more = (of_one.speed(row("bits"), n, 1) for n in (200_000, 100_000, 10**6))
    assert (at.source, half.source, more.source) == ("measured", "extrapolated", "extrapolated")
    assert at.milliseconds == pytest.approx(10)
    assert half.milliseconds == pytest.approx(5)
    assert half.low < half.milliseconds < at.milliseconds < half.high
    assert more.milliseconds == pytest.approx(50)
    assert more.core_seconds == pytest.approx(5 * at.core_seconds)


def test_what_lines_up_to_a_million_predict_holds_eight_times_as_many():
    results = ROOT / "results"
    predicted = Times.of(RunFolder(results / "reference-scale-1m")).indices
    cost = at_base(RunFolder(results / "reference-scale-8m-searched").table("search_cost"))
    measured = where(cost, clock="latency").set_index("variant")
    assert set(measured.index) == {"words_32x7", "bits_flat"}
    for name, own in measured.iterrows():
        size = int(own["documents"])
        speed = predicted[name].at(float(size), size, 1)
        assert speed.source == "extrapolated"
        assert speed.low < own["p50"] < speed.high


def test_shards_are_searched_at_once_and_all_of_them_work(times):
    one, four = (times.speed(row("bits"), 500_000, shards) for shards in (1, 4))
    assert four.milliseconds == one.milliseconds
    assert four.core_seconds == pytest.approx(4 * one.core_seconds)
    assert (one.source, one.of_a_shard) == ("fitted", "fitted")
    assert (four.source, four.of_a_shard) == ("assumed", "fitted")


def test_with_fewer_cores_than_shards_these_are_searched_in_rounds(times):
    one = times.speed(row("bits"), 500_000, 4)
    three = one.in_rounds(3)
    assert (three.rounds, three.milliseconds) == (3, 3 * one.milliseconds)
    assert (three.low, three.high) == (3 * one.low, 3 * one.high)
    assert three.core_seconds == one.core_seconds


def test_other_words_take_what_their_postings_do(times):
    half = times.speed(row("other", postings=POSTINGS / 2) | {"layout": "tagged_keyword"}, 10**6, 1)
    assert half.milliseconds == pytest.approx(25)
    assert half.source == "fitted"  # and not measured, though that size was


def test_other_words_that_touch_more_than_was_timed_are_extrapolated(times):
    many = times.speed(
        row("other", postings=10 * POSTINGS) | {"layout": "tagged_keyword"}, 10**6, 1
    )
    assert (many.source, many.largest) == ("extrapolated", 10**6)
    assert many.work_over_timed == pytest.approx(10)
    assert many.milliseconds == pytest.approx(405)
    assert many.low < 0.86 * 405 < 1.14 * 405 < many.high


def test_what_nothing_like_was_timed_is_unknown(times):
    assert field_kind("tagged_long") == "points"
    assert times.speed(row("other", postings=1.0) | {"layout": "tagged_long"}, 10**6, 1) is None
    assert times.speed(row("other") | {"layout": "vector_sign_flat"}, 10**6, 1) is None


def test_a_run_that_timed_nothing_knows_nothing(scale):
    manifest = scale.manifest() | {"tables": {}}
    known = Times.of(SimpleNamespace(manifest=lambda: manifest))
    assert not known.indices
    assert not known.words
