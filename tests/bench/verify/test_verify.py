"""A run holds; each thing that is changed in a copy of it is noticed, and called by its name."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from bench.cli.run import verify
from bench.evaluate.comparisons import corrected
from bench.runs.check import Check
from bench.runs.environment import ROOT
from bench.runs.folder import RunFolder, read_json, write_json
from bench.verify import verify_run


def committed(name: str, folder: Path) -> RunFolder:
    """A copy of a committed run, to change."""
    return RunFolder(Path(shutil.copytree(ROOT / "results" / name, folder / name)))


@pytest.fixture
def copied(finished, tmp_path) -> RunFolder:
    return RunFolder(Path(shutil.copytree(finished.folder.path, tmp_path / "run")))


def rewrite(folder: RunFolder, name: str, table: pd.DataFrame) -> None:
    """Change a table and its entry in the manifest, as somebody would who knows of the hashes."""
    manifest = read_json(folder.path / "manifest.json")
    manifest["tables"][name] = folder.write_table(name, table)
    write_json(folder.path / "manifest.json", manifest)


def broken(folder: RunFolder) -> dict[str, str]:
    """What does not hold of the tables; drawing again is slow, and tested in `test_pages`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bench.verify.check_pages", lambda *_: Check("pages", True, ""))
        return {check.name: check.found for check in verify_run(folder) if not check.holds}


@pytest.mark.slow
def test_a_finished_run_holds_in_every_check(finished):
    checks = list(verify_run(finished.folder))
    assert [check.name for check in checks if not check.holds] == []
    names = " ".join(check.name for check in checks)
    for computed in ("metrics", "cutoffs", "growth", "search_cost", "index_cost"):
        assert f"{computed} follows from the raw rows" in names


def test_a_changed_byte_is_noticed_and_nothing_computed_from_it(copied):
    path = copied.path / "metrics.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    checks = list(verify_run(copied))
    found = broken(copied)["tables are those of the manifest"]
    assert "metrics.parquet has another SHA-256" in found
    assert not any("follows" in check.name for check in checks)


@pytest.mark.parametrize("name", ["candidates", "curves"])
def test_a_missing_table_is_noticed(copied, name):
    (copied.path / f"{name}.parquet").unlink()
    assert f"{name}.parquet is missing" in broken(copied)["tables are those of the manifest"]


def test_a_table_nobody_wrote_is_noticed(copied):
    shutil.copy(copied.path / "metrics.parquet", copied.path / "metrics2.parquet")
    assert "metrics2.parquet is not in the manifest" in str(broken(copied))


def test_a_bettered_measure_is_noticed_though_its_hash_was_bettered_too(copied):
    metrics = copied.table("metrics")
    metrics.loc[5, "value"] += 0.001
    rewrite(copied, "metrics", metrics)
    found = broken(copied)
    assert list(found) == ["metrics follows from the raw rows"]
    assert "value: 1 rows differ, first in row 5" in found["metrics follows from the raw rows"]


def test_a_wrong_answer_called_right_is_noticed(copied):
    candidates = copied.table("candidates")
    row = candidates.index[candidates["relation"] == "wrong"][0]
    candidates.loc[row, "relation"] = "right"
    rewrite(copied, "candidates", candidates)
    found = broken(copied)
    assert f"document {candidates.loc[row, 'doc']}" in found["relations follow from the pictures"]


def test_a_dropped_hit_is_noticed(copied):
    rewrite(copied, "candidates", copied.table("candidates").drop(index=3).reset_index(drop=True))
    found = broken(copied)
    assert "verified hits" in found["counts agree"]
    assert "ranks are not 0, 1, 2" in found["hits are ranked and possible"]


@pytest.mark.slow
def test_impossible_scores_and_distances_are_noticed(copied):
    candidates = copied.table("candidates")
    candidates.loc[0, "score"] = 64
    candidates.loc[1, "distance"] = 1.5
    rewrite(copied, "candidates", candidates)
    found = broken(copied)["hits are ranked and possible"]
    assert "a score is not 1..63" in found
    assert "a distance is not 0..1" in found


@pytest.mark.slow
def test_a_smaller_store_is_noticed(copied):
    variants = copied.table("variants")
    variants.loc[0, "store_bytes"] -= 100
    rewrite(copied, "variants", variants)
    assert "are not store over documents" in broken(copied)["counts agree"]


@pytest.mark.slow
def test_a_last_bit_and_a_renamed_codec_are_noticed(copied):
    variants = copied.table("variants")
    variants.loc[0, "source_bytes"] = np.nextafter(variants.loc[0, "source_bytes"], 0)
    variants.loc[1, "codec_label"] = "better"
    rewrite(copied, "variants", variants)
    found = broken(copied)["variants follows from the raw rows"]
    assert "source_bytes: 1 rows differ, first in row 0" in found
    assert "codec_label: 1 rows differ, first in row 1" in found


@pytest.mark.slow
@pytest.mark.parametrize("resamples", [2, 3])
def test_p_may_count_two_resamples_more_or_less(copied, resamples):
    comparisons = copied.table("comparisons")
    row = comparisons["p"].between(0.2, 0.8).idxmax()
    step = 2 / (1 + read_json(copied.path / "manifest.json")["config"]["evaluation"]["resamples"])
    comparisons.loc[row, "p"] += resamples * step
    assert comparisons.loc[row, "p"] < 1
    settled = corrected(comparisons.to_dict("records"), 0.95)
    rewrite(copied, "comparisons", pd.DataFrame(settled)[list(comparisons.columns)])
    found = broken(copied)
    assert ("comparisons follows from the raw rows" in found) == (resamples == 3)


@pytest.mark.slow
def test_faster_searches_are_noticed(copied):
    cost = copied.table("search_cost")
    cost["p50"] = cost["p50"] * 0.9
    rewrite(copied, "search_cost", cost)
    assert list(broken(copied)) == ["search_cost follows from the raw rows"]


@pytest.mark.slow
def test_another_config_is_noticed(copied):
    manifest = read_json(copied.path / "manifest.json")
    manifest["config_text"] = manifest["config_text"].replace("seed: 1", "seed: 2")
    write_json(copied.path / "manifest.json", manifest)
    assert "its canonical form is another now" in str(broken(copied))


@pytest.mark.slow
def test_a_better_front_of_a_sweep_is_noticed(tmp_path):
    folder = committed("reference-sweep", tmp_path)
    assert broken(folder) == {}
    rewrite(folder, "pareto", folder.table("pareto").iloc[1:].reset_index(drop=True))
    points = folder.table("sweep")
    points.loc[0, "bytes_per_document"] -= 1e-9
    rewrite(folder, "sweep", points)
    sizes = folder.table("sizes")
    measured = sizes.index[sizes["size_source"] == "measured"][0]
    sizes.loc[measured, "bytes_low"] -= 1
    rewrite(folder, "sizes", sizes)
    found = broken(folder)
    assert "rows are stored" in found["pareto follows from the raw rows"]
    assert "bytes_per_document: 1 rows differ" in found["sweep follows from the raw rows"]
    assert "bytes_low: 1 rows differ" in found["sizes follows from the raw rows"]


def test_sizes_of_a_scale_run_that_do_not_follow_are_noticed(tmp_path):
    folder = committed("reference-scale", tmp_path)
    for name, column in (("sizes", "points_bytes_per_document"), ("synthetic_check", "synthetic")):
        table = folder.table(name)
        table.loc[0, column] *= 1 + 1e-15
        rewrite(folder, name, table)
    assert list(broken(folder)) == [
        "sizes follows from the raw rows",
        "synthetic_check follows from the raw rows",
    ]


def test_loads_and_reductions_of_a_speed_run_that_do_not_follow_are_noticed(tmp_path):
    folder = committed("reference-speed", tmp_path)
    for name, column in (("loads", "peak_bytes"), ("reductions", "photographs")):
        table = folder.table(name)
        table.loc[0, column] -= 1
        rewrite(folder, name, table)
    assert list(broken(folder)) == [
        "reductions follows from the raw rows",
        "loads follows from the raw rows",
    ]


@pytest.mark.slow
def test_the_command_says_it_and_exits_with_one(finished, copied):
    whole = CliRunner().invoke(verify, [str(finished.folder.path), "--json"])
    assert whole.exit_code == 0, whole.stderr
    assert all(check["holds"] for check in json.loads(whole.stdout))
    (copied.path / "curves.parquet").unlink()
    cut = CliRunner().invoke(verify, [str(copied.path)], env={"COLUMNS": "200"})
    assert cut.exit_code == 1
    assert "curves.parquet is missing" in cut.stdout
