"""The manifest of a run."""

import json

from bench.kinds.experiment.config import Experiment
from bench.runs.folder import FORMAT_VERSION, RunFolder
from bench.runs.manifest import make_manifest


def test_a_manifest_says_what_ran_on_what(tmp_path):
    experiment = Experiment.model_validate(
        {"name": "made", "title": "Made", "variants": [{"name": "a", "codec": {"id": "none"}}]}
    )
    manifest = make_manifest(
        RunFolder(tmp_path / "made-1"),
        "experiment",
        experiment,
        config_text="name: made",
        code={"commit": None, "dirty": None, "source_sha256": "1" * 64},
        engine={"name": "elasticsearch", "version": "9.2.4"},
        dataset={"documents": 3},
        seconds={"sign": 0.5},
        tables={"variants": {"rows": 1}},
        verified_hits=7,
    )
    assert manifest == json.loads(json.dumps(manifest))
    assert manifest["format"] == FORMAT_VERSION
    assert (manifest["kind"], manifest["name"], manifest["run"]) == ("experiment", "made", "made-1")
    assert manifest["config"] == experiment.canonical()
    assert manifest["verified_hits"] == 7
    assert manifest["code"]["source_sha256"] == "1" * 64
    assert {"code", "machine", "finished", "seconds"} <= set(manifest)
