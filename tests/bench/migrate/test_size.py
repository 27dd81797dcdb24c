"""What is expected of a new index, from what was measured."""

import json

import pytest

from bench.migrate.size import expect
from bench.runs.environment import ROOT
from bench.runs.folder import RunFolder

LAYOUTS = ROOT / "results" / "reference-layouts"

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(("codec", "differs"), [("context", False), ("packed", True)])
def test_an_estimate_is_that_of_the_measured_layout(arrays, codec, differs):
    expected = expect(arrays.client, arrays.plan(codec_to=codec), LAYOUTS)
    table = RunFolder(LAYOUTS).table("variants").set_index("variant")
    assert expected.bytes_per_document == table["bytes_per_document"]["tagged_column"]
    assert ("its codec is" in expected.measured_on) == differs
    timestamp = json.dumps("2016-03-04T12:34:56.000000")
    assert expected.kept_bytes > len(timestamp)
    assert 0 < expected.read_seconds < 60


def test_what_was_not_measured_is_not_known(arrays, tmp_path):
    form = {"N": 20, "k": 8, "codec": {"id": "packed"}, "layout": "tagged_column"}
    expected = expect(arrays.client, arrays.plan(json.dumps(form)), LAYOUTS)
    assert expected.bytes_per_document is None
    assert "N = 20" in expected.measured_on
    assert expect(arrays.client, arrays.plan(), tmp_path).bytes_per_document is None
