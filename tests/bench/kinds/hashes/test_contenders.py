"""Which hashes stand beside our own indices."""

import pytest

from bench.kinds.hashes.config import Hashes
from bench.kinds.hashes.contenders import missing
from bench.runs.errors import MeasurementError

BITS = {"name": "bits", "layout": "vector_sign_flat", "codec": {"id": "none"}}
PEERS = {"packages": {"imagehash": "4.3"}, "not_compiled": "There is no gcc."}


def config(*hashes: str) -> Hashes:
    given = {"kind": "hashes", "name": "made", "variants": [BITS], "hashes": [*hashes]}
    return Hashes.model_validate(given)


def test_what_no_compiler_made_is_left_out():
    assert missing(config("PDQ", "pHash"), PEERS) == ["PDQ"]
    assert missing(config("pHash"), PEERS) == []


def test_a_run_of_no_hash_at_all_is_refused():
    with pytest.raises(MeasurementError, match=r"PDQ cannot be made here.*There is no gcc\."):
        missing(config("PDQ"), PEERS)
