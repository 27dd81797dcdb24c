"""What a scale run that has ended tells of later ones."""

from collections.abc import Mapping
from typing import Any

from bench.disk.history import Past
from bench.runs.folder import RunFolder


def scale_past(folder: RunFolder, manifest: Mapping[str, Any]) -> Past:
    """How many documents were drawn, and how many were indexed in all."""
    measured = int(folder.table("sizes")["documents"].sum())
    return Past(units={"synthetic": manifest["synthetic"], "measure": measured})
