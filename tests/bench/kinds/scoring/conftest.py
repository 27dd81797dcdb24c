"""A scoring run of a few indices."""

import pytest

from bench.kinds.scoring.config import Scoring


@pytest.fixture(scope="session")
def scoring() -> Scoring:
    """Words and bits, few resamples."""
    return Scoring.model_validate(
        {
            "kind": "scoring",
            "name": "made",
            "variants": [
                {"name": "tester", "codec": {"id": "int_array"}},
                {"name": "short", "k": 6, "layout": "keyword_column", "codec": {"id": "none"}},
                {"name": "bits", "layout": "vector_sign_flat", "codec": {"id": "context"}},
            ],
            "k": [1, 3, 5],
            "learned": ["short"],
            "search": {"size": 12},
            "evaluation": {"resamples": 100},
        }
    )
