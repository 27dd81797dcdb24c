"""Kinds of runs by their configs."""

from pathlib import Path

import pytest

from bench.errors import ExperimentError
from bench.kinds import KINDS, kind_of, kind_of_run
from bench.run_folder import RunFolder, write_json

CONFIGS = Path(__file__).parents[2] / "bench" / "configs"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("tester", "experiment"), ("sweep", "sweep"), ("scale", "scale"), ("layouts", "experiment")],
)
def test_a_config_says_its_kind(name, kind):
    assert kind_of(CONFIGS / f"{name}.yaml") is KINDS[kind]


def test_an_unknown_kind_is_refused(tmp_path):
    config = tmp_path / "x.yaml"
    config.write_text("kind: guess\n")
    with pytest.raises(ExperimentError, match="one of experiment, sweep, scale, not 'guess'"):
        kind_of(config)


def test_a_run_of_an_earlier_version_is_an_experiment(tmp_path):
    write_json(tmp_path / "manifest.json", {"format": 1})
    assert kind_of_run(RunFolder(tmp_path)) is KINDS["experiment"]


def test_plans_have_a_line_a_variant():
    lines = KINDS["scale"].plan(CONFIGS / "scale.yaml")
    assert len(lines) == len(set(lines)) > 10
    assert any("100,000 documents" in line for line in lines)
    sweep = KINDS["sweep"].plan(CONFIGS / "sweep.yaml")
    assert len(sweep) >= 300
