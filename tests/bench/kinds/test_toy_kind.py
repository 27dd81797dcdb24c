"""A kind of run in a page of code: planned, run, killed, resumed, reported and verified."""

import pandas as pd
import pytest
from click.testing import CliRunner
from matplotlib.figure import Figure

from bench.cli import cli
from bench.disk.history import Past
from bench.kinds import registry
from bench.kinds.base import Kind, Outcome
from bench.kinds.plan import RunPlan
from bench.kinds.sections import RunConfig
from bench.runs.check import same_table
from bench.runs.folder import RunFolder, write_parquet
from bench.signing.dataset import Dataset

pytestmark = pytest.mark.engine


class Toy(RunConfig):
    kind: str
    numbers: list[int]


def _squares(table):
    return table.assign(square=table["number"] ** 2)


def _drawn(folder):
    return Figure(), folder.table("squares")


class ToyKind(Kind[Toy]):
    name, config = "toy", Toy
    killed = True

    def plan(self, config, history):
        return RunPlan("toy", config.name, None, None, (), (), None, "")

    def dataset(self, config):
        return Dataset()

    def past(self, folder, manifest):
        return Past()

    def execute(self, config, run):
        numbers = run.work / "numbers.parquet"
        if not numbers.is_file():
            write_parquet(numbers, pd.DataFrame({"number": config.numbers}))
            if self.killed:
                raise KeyboardInterrupt
        run.on_engine(lambda engine, guard: engine.client.cluster.health(), unfinished=True)
        table = pd.read_parquet(numbers)
        dataset = {"collection": "photos", "originals": 0, "documents": 0, "queries": 0}
        dataset["unreadable"] = []
        return Outcome(dataset, {"numbers": table, "squares": _squares(table)})

    def figures(self, folder):
        return {"squares": (_drawn, "Nothing.")}

    def verdict(self, folder, manifest):
        return [f"The largest square is {folder.table('squares')['square'].max()}."]

    def recompute(self, config, tables, manifest, progress):
        yield same_table("squares", tables["squares"], _squares(tables["numbers"]))


@pytest.fixture
def toy(monkeypatch, tmp_path, engine):
    monkeypatch.setattr(registry, "get_kind", lambda name: ToyKind())
    monkeypatch.setenv("ES_URL", engine.url)
    config = tmp_path / "toy.yaml"
    config.write_text("kind: toy\nname: toy\nnumbers: [3, 5]\n")
    return config


def test_a_kind_is_one_class(toy, tmp_path):
    runner, results = CliRunner(), str(tmp_path / "results")
    planned = runner.invoke(cli, ["run", str(toy), "--results", results, "--plan"])
    assert planned.exit_code == 0, planned.output
    interrupted = runner.invoke(cli, ["run", str(toy), "--results", results])
    assert interrupted.exit_code == 130, interrupted.output
    finished = runner.invoke(cli, ["run", str(toy), "--results", results])
    assert finished.exit_code == 0, finished.output
    assert "The largest square is 25." in finished.stdout
    (path,) = (tmp_path / "results").iterdir()
    page = (path / "report.html").read_bytes()
    assert runner.invoke(cli, ["report", str(path)]).exit_code == 0
    assert (path / "report.html").read_bytes() == page
    assert runner.invoke(cli, ["verify", str(path)]).exit_code == 0
    folder = RunFolder(path)
    entry = folder.write_table("squares", pd.DataFrame({"number": [3], "square": [8]}))
    assert entry["rows"] == 1
    assert runner.invoke(cli, ["verify", str(path)]).exit_code == 1
