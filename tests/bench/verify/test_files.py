"""A run is named by its config and by its sources."""

import pytest

from bench.kinds.registry import get_kind
from bench.runs.environment import ROOT
from bench.runs.folder import read_json
from bench.verify.files import check_config

COMMITTED = sorted(path.parent.name for path in ROOT.glob("results/*/manifest.json"))


def checked(name, **changed):
    manifest = read_json(ROOT / "results" / name / "manifest.json") | changed
    return check_config(get_kind(manifest["kind"]), manifest)[0]


@pytest.mark.parametrize("name", COMMITTED)
def test_every_committed_run_is_named_by_its_config_and_its_sources(name):
    check = checked(name)
    assert check.holds, check.found


@pytest.mark.parametrize("code", [{"source_sha256": "0123456789"}, {}])
def test_sources_by_which_a_run_is_not_named_are_noticed(code):
    check = checked("reference-codecs", code=code)
    assert not check.holds
    sources = "012345" if code else "None"
    assert f"its sources are {sources}, the run is codecs-88e151ed-b12193" in check.found
