"""What a speed run that has ended tells of later ones."""

from collections.abc import Mapping
from typing import Any

from bench.disk.history import Past
from bench.runs.folder import RunFolder


def speed_past(folder: RunFolder, manifest: Mapping[str, Any]) -> Past:
    """Each stage once: what it takes does not depend on a number of documents."""
    return Past(units=dict.fromkeys(manifest["seconds"], 1))
