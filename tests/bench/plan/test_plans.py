"""Plans from runs that have ended."""

import json
from pathlib import Path

import pytest

from bench.environment import ROOT
from bench.plan import plan_experiment
from bench.plan.history import History, MeasuredSize
from bench.plan.plan import Plan, PlannedIndex
from bench.plan.size import expected_size
from bench.variant import Variant

CONFIGS = ROOT / "bench" / "configs"


def measured(layout: str, N: int, size: float, loaded: float = 1.0) -> MeasuredSize:
    return MeasuredSize(layout, N, size, loaded, 1000, "made")


def test_a_measured_index_takes_what_it_took():
    variant = Variant(N=63, k=16, codec={"id": "none"})
    history = History(sizes={variant.key: measured("dynamic", 63, 1124.0, 1.5)})
    expected = expected_size(variant, history)
    assert (expected.bytes_per_document, expected.loaded) == (1124.0, 1.5)
    assert "measured: made" in expected.source


def test_what_was_not_measured_is_bounded_by_the_largest_of_its_layout():
    history = History(
        sizes={
            "a": measured("dynamic", 63, 1000.0),
            "b": measured("dynamic", 63, 3000.0, 1.2),
            "c": measured("tagged_long", 32, 100.0, 3.0),
        }
    )
    more = expected_size(Variant(N=126, k=8, codec={"id": "none"}), history)
    assert more.bytes_per_document == 6000.0  # twice the words take at most twice the bytes
    assert more.source.startswith("at most")
    fewer = expected_size(Variant(N=8, k=8, codec={"id": "none"}, layout="tagged_long"), history)
    assert (fewer.bytes_per_document, fewer.loaded) == (100.0, 3.0)


def test_the_reference_is_planned_as_it_was_measured(tmp_path):
    plan = plan_experiment(CONFIGS / "tester.yaml", tmp_path, env={})
    manifest = json.loads((ROOT / "results" / "reference" / "manifest.json").read_text())
    spent = sum(manifest["seconds"].values())
    assert spent / 5 < plan.seconds < spent * 5
    assert [index.documents for index in plan.indices] == [20_000] * 3
    assert all(index.source.startswith("measured") for index in plan.indices)
    sizes = [index.bytes for index in plan.indices]
    assert sum(sizes) < plan.peak_bytes < 3 * sum(sizes)
    assert plan.describe()["seconds"] == plan.seconds
    elsewhere = plan_experiment(CONFIGS / "tester.yaml", tmp_path, env={"ES_URL": "http://x:1"})
    assert elsewhere.where is None
    assert elsewhere.free_bytes is None


@pytest.mark.parametrize(("share", "short"), [(0.5, False), (2.0, True)])
def test_a_disk_that_is_too_small_is_warned_of(share, short):
    index = PlannedIndex("one", "{}", 10, 10.0, 1.0, "made")
    plan = Plan("experiment", "x", 10, 1, (index,), (), None, "", Path.cwd() / "not" / "there")
    plan = Plan(**{**vars(plan), "peak_bytes": share * plan.free_bytes})
    assert bool(plan.warnings) is short
    if short:
        assert "--results" in plan.warnings[0]
