"""Crops of the made photographs."""

import pytest

from bench.kinds.codecs.crops import Crops, sign_crops


@pytest.fixture(scope="session")
def crops(collection) -> Crops:
    return sign_crops(collection, count=12, jobs=1)
