"""Folders that an engine's user may enter."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """An empty folder that others may pass through, as the server of root's engines has to."""
    with tempfile.TemporaryDirectory(prefix="imgsig-faults-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)
