"""Every codec over every strip, on grids that differ in size, neighbours and levels."""

from typing import Any

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import strategies as st

from imgsig.codecs import Codec, codec_ids, get_codec
from imgsig.strips import STRIPS

GRIDS: list[dict[str, Any]] = [
    {},
    {"n": 2, "diagonal_neighbors": False, "n_levels": 1},
    {"n": 3},
    {"n": 5, "n_levels": 7},
    {"n": 4, "diagonal_neighbors": False, "n_levels": 127},
]
#: Codecs of the default grid alone, and codecs without a strip: what they refuse is tested apart.
DEFAULT_GRID_ONLY = frozenset({"context"})
WITHOUT_STRIP = frozenset({"none"})


def _configs() -> list[Any]:
    return [
        # Grids other than the default are of `make test-all`.
        pytest.param(
            {"id": codec_id, "strip": strip, **grid}, marks=pytest.mark.slow if grid else ()
        )
        for codec_id in codec_ids()
        for strip in STRIPS
        for grid in GRIDS
        if not (codec_id in WITHOUT_STRIP or (grid and codec_id in DEFAULT_GRID_ONLY))
    ]


@pytest.fixture(
    scope="module", params=_configs(), ids=lambda config: "-".join(map(str, config.values()))
)
def codec(request) -> Codec:
    return get_codec(request.param)


@pytest.fixture(scope="session")
def signatures_of():
    """Strategy of batches of 1 to 4 signatures that a codec takes, regular ones and others."""

    def strategy(codec: Codec) -> st.SearchStrategy[np.ndarray]:
        levels = st.integers(-codec.n_levels, codec.n_levels)
        rows = st.integers(1, 4)
        regular = rows.flatmap(
            lambda m: hnp.arrays(np.int8, (m, codec.strip.count), elements=levels)
        ).map(codec.strip.restore)
        anything = rows.flatmap(
            lambda m: hnp.arrays(np.int8, (m, codec.grid.length), elements=levels)
        )
        return st.one_of(regular, anything)

    return strategy
