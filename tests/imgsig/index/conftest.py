"""A client of the tests' engine, names of indices that no other test uses, and a few pictures."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from tests.shared import WORKER, as_applications

_NUMBERS = count()


@pytest.fixture
def client(engine) -> Any:
    """The client that a user would have: elasticsearch-py's or opensearch-py's own."""
    return as_applications(engine.client)


@pytest.fixture
def name(client) -> Iterator[str]:
    """The name of an index that is deleted afterwards, with what else begins with it."""
    name = f"pictures{WORKER}-{next(_NUMBERS)}"
    yield name
    for index in client.indices.get(index=f"{name}*"):
        client.indices.delete(index=index)


@pytest.fixture(scope="session")
def pictures() -> list[np.ndarray]:
    """Six made pictures in colour."""
    made = []
    for seed in range(6):
        blurred = gaussian_filter(np.random.default_rng(seed).random((48, 64, 3)), (3, 3, 0))
        spread = (blurred - blurred.min()) / np.ptp(blurred)
        made.append((spread * 255).astype(np.uint8))
    return made
