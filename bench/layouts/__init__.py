"""Layouts by their id."""

from bench.layouts.layout import Fetch, Layout
from bench.layouts.table import ALL, REFUSED
from bench.runs.errors import ExperimentError

__all__ = ["LAYOUTS", "Fetch", "Layout", "get_layout"]

#: Every layout by its id.
LAYOUTS: dict[str, Layout] = {layout.layout_id: layout for layout in ALL}


def get_layout(layout_id: str) -> Layout:
    """Look a layout up."""
    if not isinstance(layout_id, str):
        raise ExperimentError(f"layout must be one of {', '.join(LAYOUTS)}, not {layout_id!r}")
    if layout_id in REFUSED:
        raise ExperimentError(f"layout {layout_id!r} is not offered: {REFUSED[layout_id]}")
    if layout_id not in LAYOUTS:
        raise ExperimentError(f"layout must be one of {', '.join(LAYOUTS)}, not {layout_id!r}")
    return LAYOUTS[layout_id]
