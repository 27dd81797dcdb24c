"""Sizes by ranking: with what each needs."""

import numpy as np
import pandas as pd
import pytest

from bench.kinds.sweep.config import Sweep
from bench.kinds.sweep.ranked_sizes import (
    rankings_of_words,
    signature_bytes,
    sizes_by_ranking,
    words_are_readable,
)


def sweep(*layouts):
    samples = [{"layout": layout, "schemes": 6} for layout in layouts]
    given = {"kind": "sweep", "name": "made", "grid": [{"N": [8], "k": [4]}]}
    return Sweep.model_validate({**given, "live": {"samples": samples}})


def sizes(**by_layout):
    rows = [
        (variant, layout, size, size - 1, size + 1, source)
        for layout, base in by_layout.items()
        for variant, size, source in (
            ("63x16", base, "measured"),
            ("8x4", base / 2, "predicted"),
            ("9x4", base / 3, "measured"),
        )
    ]
    columns = ["variant", "layout", "bytes_per_document", "bytes_low", "bytes_high", "size_source"]
    return pd.DataFrame(rows, columns=columns)


def test_where_words_can_be_read():
    assert words_are_readable("dynamic")
    assert not words_are_readable("tagged_long")
    assert rankings_of_words(sweep("tagged_long", "dynamic")) == ["score"]
    assert rankings_of_words(sweep("dynamic")) == ["score", "sign_distance"]


def test_a_signature_is_the_difference_of_two_indices():
    rows = [
        {"variant": "63x16", "layout": "tagged_long", "codec": "none", "bytes_per_document": 240.0},
        {"variant": "63x16", "layout": "dynamic", "codec": "none", "bytes_per_document": 1100.0},
        {"variant": "8x4", "layout": "tagged_long", "codec": "none", "bytes_per_document": 30.0},
        {
            "variant": "63x16",
            "layout": "tagged_long",
            "codec": "context",
            "bytes_per_document": 300.0,
        },
    ]
    made = sweep("tagged_long", "dynamic")
    assert signature_bytes(made, "63x16", rows) == 60
    assert np.isnan(signature_bytes(made, "63x16", rows[:3]))


def test_each_ranking_has_the_size_of_what_it_needs():
    made = sizes_by_ranking(
        sweep("tagged_long", "dynamic"), sizes(tagged_long=240.0, dynamic=1200.0), "63x16", 60.0
    ).set_index(["ranking", "variant"])
    size, source = made["bytes_per_document"], made["size_source"]
    assert size["score"].to_dict() == {"63x16": 240, "8x4": 120, "9x4": 80}
    assert size["distance"].to_dict() == {"63x16": 300, "8x4": 180, "9x4": 140}
    assert made.loc[("distance", "8x4"), "bytes_high"] == 181
    assert size["sign_distance"].to_dict() == {"63x16": 1200, "8x4": 600, "9x4": 400}
    # Only of the reference was an index with a signature measured.
    assert source["distance"].to_dict() == {
        "63x16": "measured",
        "8x4": "predicted",
        "9x4": "predicted",
    }
    assert source["score"].to_dict()["9x4"] == "measured"


def test_no_readable_words_no_size():
    made = sizes_by_ranking(sweep("tagged_long"), sizes(tagged_long=240.0), "63x16", 60.0)
    assert set(made["ranking"]) == {"score", "distance"}


@pytest.mark.parametrize("variant", ["63x16", "8x4"])
def test_without_a_measured_signature_distance_has_no_size(variant):
    made = sizes_by_ranking(sweep("tagged_long"), sizes(tagged_long=240.0), "63x16", float("nan"))
    own = made[(made["ranking"] == "distance") & (made["variant"] == variant)]
    assert own["bytes_per_document"].isna().all()
