"""What a scoring run can be of."""

import pytest
from pydantic import ValidationError

from bench.kinds.scoring.config import Scoring
from bench.runs.errors import ExperimentError


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"variants": [{"name": "a", "codec": {"id": "none"}}]}, "store signatures"),
        (
            {"variants": [{"name": "a", "layout": "vector_bit_flat", "codec": {"id": "context"}}]},
            "must count words",
        ),
        (
            {"variants": [{"name": "a", "layout": "vector_sign_hnsw", "codec": {"id": "none"}}]},
            "a: layout 'vector_sign_hnsw' neither counts words",
        ),
        (
            {"variants": [{"name": "a", "layout": "untagged", "codec": {"id": "none"}}]},
            "neither counts words",
        ),
        ({"k": [3, 12]}, "k: 12 is no rank below the 12 hits"),
        ({"k": [0]}, "greater than or equal to 1"),
        ({"plain": [1.5]}, "less than or equal to 1"),
    ],
)
def test_what_cannot_be_is_refused(scoring, change, message):
    given = scoring.model_dump() | change
    with pytest.raises((ExperimentError, ValidationError), match=message):
        Scoring.model_validate(given)


def test_canonical_form_has_no_clusters_it_was_not_given(scoring):
    assert scoring.canonical()["clusters"] is None
    given = scoring.model_dump() | {"clusters": {"collection": "pictures"}}
    assert Scoring.model_validate(given).clusters.planted.clusters == 20
