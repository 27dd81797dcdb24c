"""What became of a file is a record."""

import json

import numpy as np
import pytest

from imgsig import SignedFile


def test_a_record_is_json_ready():
    signed = SignedFile("a", "ok", np.array([1, -2], np.int8), sha256="ab", seconds=0.25)
    assert json.loads(json.dumps(signed.describe())) == {
        "path": "a",
        "outcome": "ok",
        "reason": "",
        "sha256": "ab",
        "seconds": 0.25,
        "from_cache": False,
        "signature": [1, -2],
    }
    assert SignedFile("a", "missing", reason="x").describe()["seconds"] is None


def test_outcomes_are_a_closed_list():
    with pytest.raises(ValueError, match="is none of ok, corrupt"):
        SignedFile("a", "fine")


@pytest.mark.parametrize(
    ("outcome", "signature"), [("ok", None), ("corrupt", np.zeros(2, np.int8))]
)
def test_there_is_a_signature_exactly_where_it_is_ok(outcome, signature):
    with pytest.raises(ValueError, match="with signature"):
        SignedFile("a", outcome, signature)
