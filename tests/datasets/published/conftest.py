"""Small folders in the layouts of the benchmarks."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path) -> Write:
    """A function that writes one-coloured pictures of the names given, and returns the folder."""

    def write_pictures(*names: str) -> Path:
        for name in names:
            path = tmp_path / "bench mark" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (8, 6), (len(name), 0, 0)).save(path)
        return tmp_path / "bench mark"

    return write_pictures
