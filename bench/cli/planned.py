"""A plan on the terminal."""

from rich.console import Console

from bench.kinds.plan import Plan, PlannedIndex, PlannedStage
from imgsig.cli.table import WholeTable

_UNKNOWN = "–"


def print_plan(plan: Plan, console: Console) -> None:
    """Print what a run will build, how long that takes and how much disk."""
    if plan.simulated:
        console.print(
            f"{len(plan.simulated):,} schemes simulated without an index", highlight=False
        )
    console.print(_indices(plan.indices))
    console.print(_stages(plan))
    if plan.peak_bytes is not None:
        console.print(
            f"Disk at most: {_bytes(plan.peak_bytes)} ({plan.peak_source})", highlight=False
        )
    if plan.where is None:
        console.print("The data go to the cluster that ES_URL names: see its free disk.")
    elif plan.free_bytes is not None:
        free = f"Free where the data go: {_bytes(plan.free_bytes)} ({plan.where})"
        console.print(free, highlight=False, soft_wrap=True)
    for sentence in plan.cautions:
        console.print(f"• {sentence}", highlight=False, markup=False)
    console.print(
        "All times and sizes are estimates from the runs named beside them; times are those of "
        "the machine they ran on."
    )


def _indices(indices: tuple[PlannedIndex, ...]) -> WholeTable:
    table = WholeTable(title=f"{len(indices)} indices", title_justify="left")
    table.add_column("index")
    for heading in ("documents", "B/doc", "disk"):
        table.add_column(heading, justify="right")
    table.add_column("estimated from")
    for one in indices:
        size = one.bytes_per_document
        table.add_row(
            one.index,
            _UNKNOWN if one.documents is None else f"{one.documents:,}",
            _UNKNOWN if size is None else f"{size:,.0f}",
            _bytes(one.bytes),
            one.source,
        )
    return table


def _stages(plan: Plan) -> WholeTable:
    total = None if plan.seconds is None else _duration(plan.seconds)
    table = WholeTable(title=f"Expected time: {total or 'unknown'}", title_justify="left")
    table.add_column("stage")
    table.add_column("time", justify="right")
    table.add_column("rate of")
    for stage in plan.stages:
        table.add_row(*_stage(stage))
    return table


def _stage(stage: PlannedStage) -> tuple[str, str, str]:
    spent = _UNKNOWN if stage.seconds is None else _duration(stage.seconds)
    return stage.stage, spent, stage.source


def _bytes(size: float | None) -> str:
    if size is None:
        return _UNKNOWN
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
