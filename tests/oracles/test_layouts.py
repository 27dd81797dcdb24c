"""Mapping, settings, a document and the search of every layout, as the client receives them."""

from pathlib import Path
from typing import Any

import numpy as np

from bench.index.variant import Variant
from bench.kinds.experiment.config import Experiment
from bench.runs.config_file import load_config
from bench.search.search import search_body
from imgsig.layouts import LAYOUTS, get_layout

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "bench" / "configs" / "layouts.yaml"
GOLDEN = ROOT / "tests" / "imgsig" / "fixture" / "golden.npz"


def _plain(value: Any) -> Any:
    """The value without NumPy's numbers and bytes, which JSON has not."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, bytes):
        return value.hex()
    return value.item() if isinstance(value, np.generic) else value


def test_every_layout_keeps_mapping_document_and_search(expected):
    with np.load(GOLDEN) as arrays:
        signature = arrays["signatures"][0]
    found = {}
    variants = load_config(CONFIG, Experiment).expand()
    there = {variant.layout for variant in variants}
    variants += [Variant(63, 16, {"id": "context"}, one) for one in LAYOUTS if one not in there]
    for variant in variants:
        layout, scheme, codec = get_layout(variant.layout), variant.scheme, variant.get_codec()
        found[variant.index_name] = {
            "layout": variant.layout,
            "mappings": layout.mappings(scheme, codec),
            "settings": layout.settings(),
            "document": layout.documents(scheme, codec, ["a/b.jpg"], signature[None])[0],
            "search": search_body(variant, signature),
            "largest_score": variant.largest_score,
        }
    assert {one["layout"] for one in found.values()} == set(LAYOUTS)
    expected("layouts", _plain(found))
