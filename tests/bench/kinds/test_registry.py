"""Kinds of runs by their configs."""

import tomllib
from pathlib import Path

import pytest

from bench.kinds.registry import KINDS, kind_of, kind_of_run
from bench.kinds.run import plan_run
from bench.runs.errors import ExperimentError
from bench.runs.folder import RunFolder, write_json

ROOT = Path(__file__).parents[3]
CONFIGS = ROOT / "bench" / "configs"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("tester", "experiment"),
        ("sweep", "sweep"),
        ("scoring", "scoring"),
        ("scale", "scale"),
        ("speed", "speed"),
        ("codec-sizes", "codecs"),
        ("codecs", "experiment"),
        ("layouts", "experiment"),
    ],
)
def test_a_config_says_its_kind(name, kind):
    assert kind_of(CONFIGS / f"{name}.yaml").name == kind


def test_an_unknown_kind_is_refused(tmp_path):
    config = tmp_path / "x.yaml"
    config.write_text("kind: guess\n")
    with pytest.raises(
        ExperimentError,
        match="hashes, remedies, nodes, scale, speed, engines, codecs, not 'guess'",
    ):
        kind_of(config)


def test_a_kind_that_is_no_name_is_refused(tmp_path):
    config = tmp_path / "x.yaml"
    config.write_text("kind: {}\n")
    with pytest.raises(ExperimentError, match=r"not \{\}"):
        kind_of(config)


def test_a_run_of_an_earlier_version_is_an_experiment(tmp_path):
    write_json(tmp_path / "manifest.json", {"format": 1})
    assert kind_of_run(RunFolder(tmp_path)).name == "experiment"


@pytest.mark.slow
def test_every_config_that_comes_with_the_clone_has_a_plan(tmp_path):
    configs = sorted(CONFIGS.glob("*.yaml"))
    assert len(configs) >= 9
    for config in configs:
        plan = plan_run(config, tmp_path)
        names = [index.index for index in plan.indices]
        assert len(set(names)) == len(names)
        assert len(names) >= 2 or plan.kind == "codecs"
        assert plan.seconds > 0


def test_kinds_may_not_import_each_other():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (layers,) = (one["layers"] for one in contracts if one.get("containers") == ["bench.kinds"])
    assert set(layers[0].split(" | ")) >= set(KINDS), "pyproject.toml: a kind without its contract"
