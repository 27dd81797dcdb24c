"""Layouts by their id."""

from bench.errors import ExperimentError
from bench.layouts.base import Layout
from bench.layouts.dynamic import DynamicLayout

__all__ = ["LAYOUTS", "DynamicLayout", "Layout", "get_layout"]

#: Every layout by its id.
LAYOUTS: dict[str, Layout] = {layout.layout_id: layout for layout in (DynamicLayout(),)}


def get_layout(layout_id: str) -> Layout:
    """Look a layout up.

    Parameters
    ----------
    layout_id : str
        One of `LAYOUTS`.

    Returns
    -------
    Layout

    Raises
    ------
    ExperimentError
        If there is none of that id.
    """
    if layout_id not in LAYOUTS:
        raise ExperimentError(f"layout must be one of {', '.join(LAYOUTS)}, not {layout_id!r}")
    return LAYOUTS[layout_id]
