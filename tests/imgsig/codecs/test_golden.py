"""Frozen bytes: what is stored today must be what is stored, and read, for ever.

A new codec needs its forms in ``fixture/golden.json``; forms that are there never change. Bytes
that change get a new codec id.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from imgsig.codecs import codec_ids, get_codec
from imgsig.strips import STRIPS, get_strip

FILE = Path(__file__).parent / "fixture" / "golden.json"
FROZEN = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def signatures(golden) -> dict[str, np.ndarray]:
    names = golden["names"].tolist()
    half = get_strip("half")
    return {
        "picture": golden["signatures"][names.index("MonaLisa_Wikipedia.jpg")],
        "zero": np.zeros(648, dtype=np.int8),
        "lowest": half.restore(np.full((1, 272), -2, dtype=np.int8))[0],
        "highest": half.restore(np.full((1, 272), 2, dtype=np.int8))[0],
        "irregular": (np.arange(648) % 5 - 2).astype(np.int8),
    }


def test_every_codec_and_strip_is_frozen():
    expected = {
        repr(get_codec({"id": codec_id, "strip": strip}))
        for codec_id in codec_ids()
        for strip in STRIPS
        if codec_id != "none"
    }
    assert {config for config in FROZEN if "form" not in config} == expected


@pytest.mark.parametrize("config", FROZEN)
def test_frozen_forms_decode(config, signatures):
    codec = get_codec(json.loads(config))
    assert FROZEN[config].keys() == signatures.keys()
    for name, form in FROZEN[config].items():
        expected = signatures[name] if codec.lossless else np.sign(signatures[name])
        np.testing.assert_array_equal(codec.decode(codec.from_json(form)), expected, err_msg=name)


@pytest.mark.parametrize("config", [c for c in FROZEN if get_codec(json.loads(c)).canonical])
def test_forms_are_the_frozen_ones(config, signatures):
    codec = get_codec(json.loads(config))
    for name, form in FROZEN[config].items():
        assert codec.to_json(codec.encode(signatures[name])) == form, name
