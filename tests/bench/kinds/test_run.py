"""The shell around a run: what it says of the code, whatever happens to that meanwhile."""

import pandas as pd
import pytest
from matplotlib.figure import Figure
from rich.console import Console

from bench.disk.history import Past
from bench.kinds import registry
from bench.kinds import run as shell
from bench.kinds.base import Kind, Outcome
from bench.kinds.plan import RunPlan
from bench.kinds.run import execute_run
from bench.kinds.sections import RunConfig
from bench.runs.folder import read_json
from bench.signing.dataset import Dataset
from bench.verify.files import check_config


class Edited(RunConfig):
    kind: str


class EditedKind(Kind[Edited]):
    """Without an engine; what is called at its start edits the code, or ends it."""

    name, config = "edited", Edited

    def __init__(self, during):
        self.during = during

    def plan(self, config, history):
        return RunPlan("edited", config.name, None, None, (), (), None, "")

    def dataset(self, config):
        return Dataset()

    def past(self, folder, manifest):
        return Past()

    def execute(self, config, run):
        self.during()
        dataset = {"collection": "photos", "originals": 0, "documents": 0, "queries": 0}
        return Outcome(dataset | {"unreadable": []}, {"one": pd.DataFrame({"number": [1]})})

    def figures(self, folder):
        return {"one": (lambda folder: (Figure(), folder.table("one")), "Nothing.")}

    def verdict(self, folder, manifest):
        return ["There is one."]

    def recompute(self, config, tables, manifest, progress):
        yield from ()


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Start the run with a commit and sources; both may be changed by what is called during it."""
    code = {"commit": "", "dirty": False, "source_sha256": ""}
    monkeypatch.setattr(shell, "source_digest", lambda: code["source_sha256"])
    monkeypatch.setattr(shell, "describe_code", lambda: dict(code))
    monkeypatch.delenv("ES_URL", raising=False)
    path = tmp_path / "edited.yaml"
    path.write_text("kind: edited\nname: edited\n")

    def begun(commit, sources, during):
        code.update(commit=commit, source_sha256=sources * 64)
        monkeypatch.setattr(registry, "get_kind", lambda name: EditedKind(lambda: during(code)))
        return execute_run(path, tmp_path / "results", Console(quiet=True))

    return begun


def interrupted(code):
    raise KeyboardInterrupt


def test_the_manifest_names_the_code_that_was_loaded_not_what_it_was_edited_to(start):
    folder = start("first", "a", lambda code: code.update(commit="next", source_sha256="b" * 64))
    manifest = read_json(folder.path / "manifest.json")
    assert folder.path.name.endswith("-aaaaaa")
    assert manifest["code"] == {"commit": "first", "dirty": False, "source_sha256": "a" * 64}
    check, _ = check_config(registry.get_kind("edited"), manifest)
    assert check.holds, check.found


def test_a_run_that_goes_on_with_the_same_sources_keeps_the_code_it_began_with(start):
    with pytest.raises(KeyboardInterrupt):
        start("first", "a", interrupted)
    folder = start("next", "a", lambda code: None)
    assert read_json(folder.path / "manifest.json")["code"]["commit"] == "first"
    assert not folder.work.exists()


def test_sources_that_differ_in_what_no_folder_is_named_by_are_described_anew(start, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        start("first", "a", interrupted)
    (path,) = tmp_path.glob("results/*/work/code.json")
    path.write_text(path.read_text().replace("a" * 64, "a" * 6 + "b" * 58))
    folder = start("next", "a", lambda code: None)
    assert read_json(folder.path / "manifest.json")["code"]["commit"] == "next"
