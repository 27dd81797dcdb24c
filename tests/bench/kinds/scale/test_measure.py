"""A whole scale run on the real engine."""

from io import StringIO

import numpy as np
import pytest
from rich.console import Console

from bench.kinds import run as kinds_run
from bench.kinds.run import execute_run
from bench.kinds.scale.config import Scale
from bench.kinds.scale.figures import FIGURES, SYNTHETIC_FIGURES
from bench.kinds.scale.search_page import search_figures
from bench.runs.config_file import load_config
from bench.runs.errors import RunError
from bench.runs.folder import RunFolder, read_json, write_json

pytestmark = [pytest.mark.engine, pytest.mark.slow]

TABLES = {
    "sizes",
    "fits",
    "projections",
    "reported",
    "fields",
    "synthetic_check",
    "synthetic_positions",
    "synthetic_pairs",
    "queries",
    "answers",
    "quality",
    "fixed_cutoffs",
    "score_pairs",
    "postings",
    "live_searches",
    "live",
    "search_samples",
    "search_cost",
    "unrelated_pairs",
    "tails",
    "tail",
}


def test_tables_and_figures_are_there(finished_scale):
    folder = finished_scale.folder
    manifest = folder.manifest()
    assert manifest["kind"] == "scale"
    assert set(manifest["tables"]) == TABLES
    for name, entry in manifest["tables"].items():
        assert len(folder.table(name)) == entry["rows"] > 0
    for name in FIGURES | SYNTHETIC_FIGURES | search_figures(folder):
        for kind in ("png", "svg", "csv"):
            assert (folder.path / "figures" / f"{name}.{kind}").stat().st_size > 100
    assert not folder.work.exists()


def test_sizes_are_real_documents_first(finished_scale):
    sizes = finished_scale.folder.table("sizes")
    real = read_json(finished_scale.folder.path / "manifest.json")["dataset"]["documents"]
    assert real == 300
    sizes = sizes[sizes["variant"] == "made_scale"]
    own = sizes[sizes["origin"] == "collection"].set_index("documents")
    assert own.index.to_list() == [100, 200, 300, 400, 1_500]
    assert own["real"].to_list() == [100, 200, 300, 300, 300]
    assert (own["real"] + own["synthetic"] == own.index).all()
    assert (own["segments"] == 1).all()
    assert own["bytes_per_document"].is_monotonic_decreasing
    np.testing.assert_allclose(own["store_bytes"] / own.index, own["bytes_per_document"])
    check = sizes[sizes["origin"] == "synthetic"]
    assert check[["documents", "real", "synthetic"]].to_numpy().tolist() == [[300, 0, 300]]


def test_synthetic_documents_take_what_real_ones_take(finished_scale):
    check = finished_scale.folder.table("synthetic_check").set_index("measure")
    row = check.loc["bytes_per_document of made_scale, 300 documents"]
    sizes = finished_scale.folder.table("sizes")
    own = sizes[(sizes["documents"] == 300) & (sizes["variant"] == "made_scale")]
    of_300 = own.set_index("origin")["bytes_per_document"]
    assert row["real"] == of_300["collection"]
    assert row["synthetic"] == of_300["synthetic"]
    assert abs(row["difference"]) < 0.1
    assert check["ok"].all()


def test_indices_are_deleted_when_they_are_measured(finished_scale, engine):
    assert not engine.client.indices.exists(index="made_scale-100")
    assert not engine.client.indices.exists(index="made_scale-300-synthetic")
    assert not engine.client.indices.exists(index="made_scale-1500")


def test_a_finished_run_is_not_done_again(finished_scale, engine, monkeypatch):
    monkeypatch.setenv("ES_URL", engine.url)
    results = finished_scale.folder.path.parent
    again = execute_run(finished_scale.config, results, Console(file=StringIO()))
    assert again.path == finished_scale.folder.path


def test_a_run_does_not_go_on_with_another_cluster(finished_scale, engine, tmp_path, monkeypatch):
    monkeypatch.setenv("ES_URL", engine.url)
    monkeypatch.setattr(kinds_run, "source_digest", lambda: "0" * 64)
    folder = RunFolder(tmp_path / f"{load_config(finished_scale.config, Scale).key}-000000")
    begun = {**engine.describe(), "kind": "external", "cluster_uuid": "the-first"}
    write_json(folder.work / "begun_on.json", begun)
    with pytest.raises(RunError, match="cluster the-first"):
        execute_run(finished_scale.config, tmp_path, Console(file=StringIO()))
    assert not engine.client.indices.exists(index="made_scale-100")
