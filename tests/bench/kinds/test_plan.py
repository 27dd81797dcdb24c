"""Plans from runs that have ended."""

import json
import re
import statistics
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from bench.cli import cli
from bench.disk.history import History, MeasuredSize, Past, expected_size, reckoned_size
from bench.index.variant import Variant
from bench.kinds.plan import PlannedIndex, RunPlan
from bench.kinds.run import plan_run, read_history
from bench.runs.environment import ROOT
from bench.runs.errors import MeasurementError
from datasets import DatasetError

CONFIGS = ROOT / "bench" / "configs"


def measured(
    layout: str, N: int, size: float, loaded: float = 1.0, k: int = 16, codec: str = "none"
) -> MeasuredSize:
    return MeasuredSize(layout, N, k, f'{{"id":"{codec}"}}', size, loaded, 1000, "made")


def test_a_measured_index_takes_what_it_took():
    variant = Variant(N=63, k=16, codec={"id": "none"})
    history = History(sizes={(variant.key, 1000): measured("dynamic", 63, 1124.0, 1.5)})
    expected = expected_size(variant, history, 1000)
    assert (expected.bytes_per_document, expected.loaded) == (1124.0, 1.5)
    assert "measured: made" in expected.source


def test_of_several_sizes_the_nearest_by_its_ratio_counts():
    variant = Variant(N=32, k=7, codec={"id": "none"})
    sizes = {1_000: 70.0, 100_000: 60.0, 1_000_000: 57.0}
    known = {
        (variant.key, documents): replace(measured("dynamic", 32, size), documents=documents)
        for documents, size in sizes.items()
    }
    history = History(sizes=known)
    for documents, size in ((10, 70.0), (9_000, 70.0), (11_000, 60.0), (8_316_821, 57.0)):
        expected = expected_size(variant, history, documents)
        assert (expected.bytes_per_document, expected.bound) == (size, False)
    assert "1,000,000 documents" in expected.source


def test_large_indices_are_planned_as_large_ones_were_measured(tmp_path):
    plan = plan_run(CONFIGS / "scale-8m-searched.yaml", tmp_path, env={})
    largest = [one for one in plan.indices if one.documents == 8_316_821]
    assert [round(one.bytes_per_document, 1) for one in largest] == [58.5, 50.7]
    assert all("reference-scale-8m-searched, 8,316,821 documents" in one.source for one in largest)
    smallest = [one for one in plan.indices if one.documents == 5_000]
    assert smallest[0].bytes_per_document > 1.2 * largest[0].bytes_per_document


def test_what_was_not_measured_is_bounded_by_the_largest_of_its_layout_and_codec():
    history = History(
        sizes={
            ("a", 1000): measured("dynamic", 63, 1000.0),
            ("b", 1000): measured("dynamic", 63, 3000.0, 1.2),
            ("c", 1000): measured("tagged_long", 32, 100.0, 3.0),
        }
    )
    more = expected_size(Variant(N=126, k=8, codec={"id": "none"}), history, None)
    assert more.bytes_per_document == 6000.0  # twice the words take at most twice the bytes
    assert more.source.startswith("at most")
    fewer = expected_size(
        Variant(N=8, k=8, codec={"id": "none"}, layout="tagged_long"), history, None
    )
    assert (fewer.bytes_per_document, fewer.loaded) == (100.0, 3.0)


@pytest.mark.parametrize(
    ("k", "codec", "layout"),
    [
        (16, {"id": "int8"}, "keyword_column"),  # 648 bytes of signature, where none were measured
        (20, {"id": "none"}, "keyword_column"),  # longer words
        (16, {"id": "none"}, "tagged_long"),
    ],
)
def test_what_was_measured_bounds_nothing_that_holds_more(k, codec, layout):
    history = History(sizes={("a", 1000): measured("keyword_column", 63, 225.0)})
    variant = Variant(N=63, k=k, codec=codec, layout=layout)
    assert expected_size(variant, history, None) == reckoned_size(variant)


def test_an_int8_signature_takes_more_than_the_committed_runs_without_one():
    variant = Variant(N=63, k=16, codec={"id": "int8"}, layout="keyword_column")
    expected = expected_size(variant, read_history(ROOT / "results"), 20_000)
    assert expected.bound
    assert expected.bytes_per_document > 648 + 225


def test_the_reference_is_planned_as_it_was_measured(tmp_path):
    plan = plan_run(CONFIGS / "tester.yaml", tmp_path, env={})
    manifest = json.loads((ROOT / "results" / "reference" / "manifest.json").read_text())
    spent = sum(manifest["seconds"].values())
    assert spent / 5 < plan.seconds < spent * 5
    assert [index.documents for index in plan.indices] == [20_000] * 3
    assert all(index.source.startswith("measured") for index in plan.indices)
    sizes = [index.bytes for index in plan.indices]
    assert sum(sizes) < plan.peak_bytes < 3 * sum(sizes)
    assert plan.describe()["seconds"] == plan.seconds
    elsewhere = plan_run(CONFIGS / "tester.yaml", tmp_path, env={"ES_URL": "http://x:1"})
    assert "start engine" not in {one.stage for one in elsewhere.stages}
    assert elsewhere.where is None
    assert elsewhere.free_bytes is None


OWN = """\
name: own
dataset: {{collection: "folder:{folder}", documents: null, queries: 100, transforms: {edits}}}
variants:
  - {{name: own_now, codec: {{id: int_array}}}}
  - {{name: own_small, codec: {{id: context}}, layout: tagged_column}}
"""


def own(folder: Path, pictures: Path, edits: str = "everyday") -> Path:
    config = folder / "own.yaml"
    config.write_text(OWN.format(folder=pictures, edits=edits))
    return config


@pytest.fixture
def pictures(tmp_path) -> Path:
    folder = tmp_path / "pictures"
    (folder / "of a long name").mkdir(parents=True)
    for number in range(12):
        Image.linear_gradient("L").resize((40, 30 + number)).save(
            folder / "of a long name" / f"{number}.png"
        )
    (folder / "notes.txt").touch()
    return folder


def test_a_small_run_takes_what_small_runs_take(pictures, tmp_path):
    """50 documents took 4,480 and 477 B/doc, and 4 to 5 minutes."""
    plan = plan_run(own(tmp_path, pictures), tmp_path / "results", env={})
    assert (plan.documents, plan.queries) == (12, 100)
    now, small = (index.bytes_per_document for index in plan.indices)
    assert now > 3619 + 40_000 / 12
    assert small > 279 + 9_000 / 12
    assert all(index.source.startswith("at most") for index in plan.indices)
    stages = {stage.stage: stage.seconds for stage in plan.stages}
    assert stages["settle"] >= 30
    assert stages["sign"] >= 5
    assert stages["report"] > 10
    assert plan.seconds > 90
    assert "1 file cannot be read as pictures" in plan.cautions[0]
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(("runs", "said"), [(3, "a, b, c"), (4, "the median of 4 runs")])
def test_more_runs_than_a_screen_has_room_for_are_counted(runs, said):
    history = History()
    for place, run in enumerate("abcd"[:runs]):
        history.add("scale", run, Past(units={"measure": 10}), {"measure": 10.0 * (place + 1)})
    rate = history.rate("scale measure")
    assert rate == (statistics.median(range(1, runs + 1)), said)


def test_evaluation_is_expected_by_its_resamples(pictures, tmp_path):
    config = own(tmp_path, pictures)
    many = plan_run(config, tmp_path, env={}).seconds
    config.write_text(config.read_text() + "evaluation: {resamples: 100}\n")
    assert plan_run(config, tmp_path, env={}).seconds < many


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("everyday", "evryday"), "no set of transforms named 'evryday'"),
        (("pictures", "none"), "there is no folder"),
        (("queries: 100", "queries: 9999"), "9,999 queries with a match are asked for"),
        (("documents: null", "documents: 13"), "13 are asked for"),
        (("documents: null", "documents: null, no_match_share: 0.2"), "remove no_match_share"),
        (("documents: null", "documents: null, tiles: [16, 16]"), "distinct sides"),
    ],
)
def test_what_the_run_refuses_is_not_planned(pictures, tmp_path, change, message):
    config = own(tmp_path, pictures)
    config.write_text(config.read_text().replace(*change))
    with pytest.raises(DatasetError, match=message):
        plan_run(config, tmp_path / "results", env={})
    result = CliRunner().invoke(cli, ["run", str(config), "--results", str(tmp_path / "a" / "b")])
    assert result.exit_code == 1
    assert re.search(message, result.stderr)
    assert not (tmp_path / "a").exists()  # and leaves nothing


@pytest.mark.parametrize(
    ("count", "colour", "message"),
    [(1, None, "gives one original"), (9, "white", "every picture in .* is blank")],
)
def test_folders_that_say_nothing_are_refused_by_both(tmp_path, count, colour, message):
    """One picture, and blank pages only."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(count):
        pixels = np.random.default_rng(number).integers(0, 256, (60, 80, 3), dtype=np.uint8)
        made = Image.new("RGB", (80, 60), colour) if colour else Image.fromarray(pixels)
        made.save(folder / f"{number}.png")
    config = own(tmp_path, folder)
    for more in ([], ["--plan"]):
        command = ["run", str(config), "--results", str(tmp_path / "a" / "b"), *more]
        result = CliRunner().invoke(cli, command)
        assert result.exit_code == 1
        assert re.search(message, result.stderr)
        assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("kind", ["sweep", "scale"])
def test_other_kinds_refuse_it_too(pictures, tmp_path, kind):
    config = tmp_path / "x.yaml"
    text = (CONFIGS / f"{kind}.yaml").read_text()
    config.write_text(text.replace("collection: photos", f"collection: folder:{pictures}"))
    with pytest.raises((DatasetError, MeasurementError), match=r"10 originals|the 12 real"):
        plan_run(config, tmp_path / "results", env={})


@pytest.mark.parametrize(("share", "short"), [(0.5, False), (2.0, True)])
def test_a_disk_that_is_too_small_is_warned_of(share, short):
    index = PlannedIndex("one", "{}", 10, 10.0, 1.0, "made")
    plan = RunPlan("experiment", "x", 10, 1, (index,), (), None, "", Path.cwd() / "not" / "there")
    plan = RunPlan(**{**vars(plan), "peak_bytes": share * plan.free_bytes})
    assert bool(plan.warnings) is short
    if short:
        assert "--results" in plan.warnings[0]
