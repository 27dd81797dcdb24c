"""An engine run before it is executed: planned, or refused."""

from io import StringIO

import pytest
from rich.console import Console

from bench.kinds.run import execute_run, plan_run
from bench.runs.errors import ExperimentError
from imgsig.cluster import VARIABLES
from tests.bench.kinds.engines.test_config import GOOD


@pytest.fixture
def config(made_experiment, tmp_path, monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    made_experiment(tmp_path, "unused")
    path = tmp_path / "engines.yaml"
    dataset = f"{{collection: 'folder:{tmp_path / 'pictures'}', documents: 10, queries: 4}}"
    path.write_text(f"{GOOD}dataset: {dataset}\n")
    return path


def test_a_cluster_is_refused_before_anything_is_done(config, tmp_path, monkeypatch):
    monkeypatch.setenv("ES_URL", "http://localhost:9")
    with pytest.raises(ExperimentError, match="starts engines of its own; unset ES_URL"):
        execute_run(config, tmp_path / "results", Console(file=StringIO()))
    with pytest.raises(ExperimentError, match="unset ES_URL"):
        plan_run(config, tmp_path / "results")
    assert not (tmp_path / "results").exists()


def test_no_engine_is_kept(config, tmp_path):
    with pytest.raises(ExperimentError, match="leave out --keep-engine"):
        execute_run(config, tmp_path / "results", Console(file=StringIO()), keep_engine=True)


def test_the_plan_has_an_index_an_engine_and_variant(config, tmp_path):
    plan = plan_run(config, tmp_path / "results", {})
    assert [one.index for one in plan.indices] == [
        "a on Elasticsearch 9.2.4",
        "a on OpenSearch 3.3.2",
    ]
    stages = [one.stage for one in plan.stages]
    assert stages == ["sign", "start engine", "index", "settle", "search", "time", "report"]
    assert plan.peak_bytes > sum(one.bytes for one in plan.indices)
