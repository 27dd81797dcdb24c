"""What a shell offers while a command of the harness is typed."""

import pytest
from click.shell_completion import BashComplete

from bench.cli import cli
from bench.runs.environment import ROOT


def offered(*typed: str) -> list[str]:
    complete = BashComplete(cli, {}, "imgsig-bench", "_UNUSED")
    return [item.value for item in complete.get_completions(list(typed[:-1]), typed[-1])]


def test_run_completes_configs(monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    assert "bench/configs/tester.yaml" in offered("run", "")
    assert offered("run", "bench/configs/swe") == ["bench/configs/sweep.yaml"]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").touch()
    (tmp_path / "notes.txt").touch()
    (tmp_path / "more").mkdir()
    assert offered("run", "m") == ["mine.yaml", "more/"]


def test_report_completes_finished_runs(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert "results/reference-sweep" in offered("report", "results/reference-")
    assert "results/reference-sweep" in offered("diff", "--against", "results/reference-s")
    assert "results/reference-sweep" in offered("diff", "results/reference", "results/reference-s")
    assert "results/reference-sweep" in offered("advise", "--run", "results/reference-s")


def test_nothing_is_offered_where_no_cluster_answers(monkeypatch):
    monkeypatch.setenv("ES_URL", "http://127.0.0.1:1")
    assert offered("compare", "") == []


@pytest.mark.engine
def test_compare_completes_indices_of_the_cluster(finished, engine, monkeypatch):
    monkeypatch.setenv("ES_URL", engine.url)
    assert {"made_array", "made_none"} <= set(offered("compare", "made_"))
    monkeypatch.delenv("ES_URL")
    assert "made_none" in offered("compare", "--es-url", engine.url, "made_n")


@pytest.mark.engine
def test_an_alias_is_completed_by_its_own_name(engine, index_name):
    engine.client.indices.create(index=index_name, aliases={"short-name": {}})
    assert offered("compare", "--es-url", engine.url, "short-") == ["short-name"]
    assert offered("compare", "--es-url", engine.url, index_name) == [index_name]
