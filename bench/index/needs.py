"""Whether an engine can hold the layouts of a run."""

from collections.abc import Collection

from bench.engine.capabilities import TITLES, Capabilities
from bench.runs.errors import ExperimentError
from imgsig.layouts import LAYOUTS, get_layout


def check_layouts(
    layouts: Collection[str],
    capabilities: Capabilities,
    engine: str,
    what: str = "the indices of this run",
    remedy: str = "Leave out what needs it, or name another engine",
) -> None:
    """Refuse layouts that need what an engine lacks; `engine` is its name and version."""
    lacking = {one: capabilities.missing(get_layout(one).needs) for one in sorted(layouts)}
    said = [
        f"layout {layout!r} needs {' and '.join(TITLES[name] for name in names)}"
        for layout, names in lacking.items()
        if names
    ]
    if said:
        # Only what was asked is known to be there: a layout that needs more is not offered.
        there = {name for name in TITLES if getattr(capabilities, name)}
        work = sorted(name for name, one in LAYOUTS.items() if one.needs <= there)
        raise ExperimentError(
            f"{engine} cannot hold {what}: {'; '.join(said)}, which it lacks. "
            f"{remedy}. Layouts that work there: "
            f"{', '.join(work)}"
        )
