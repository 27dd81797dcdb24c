"""``imgsig-bench run``, ``report`` and ``verify``: measure, look at what was measured, check it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bench.cli.completion import complete_configs, complete_runs
from bench.cli.session import errors_explained, print_json
from bench.runs.environment import ROOT
from imgsig.cli.boundary import ExitCode
from imgsig.cli.command import AS_JSON, QUIET, Command

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from bench.kinds.plan import PlannedIndex, RunPlan
    from bench.runs.folder import RunFolder
    from bench.verify import Check
    from imgsig.cli.terminal import WholeTable

_UNKNOWN = "–"
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_RUN = click.argument("run", type=_FOLDER, shell_complete=complete_runs)


@click.command(
    cls=Command,
    examples=(
        "imgsig-bench run bench/configs/tester.yaml",
        "imgsig-bench run bench/configs/layouts.yaml --plan",
        "imgsig-bench run my.yaml --results /data/results --keep-engine",
        "imgsig-bench run my.yaml --quiet --json > summary.json",
    ),
)
@click.argument("config", type=click.Path(path_type=Path), shell_complete=complete_configs)
@click.option(
    "--results",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / "results",
    help="Where to keep result folders.  [default: results/ of the clone]",
)
@click.option("--keep-engine", is_flag=True, help="Leave the engine running, with the indices.")
@click.option(
    "--plan", is_flag=True, help="Show what would be built, with time and size; run nothing."
)
@AS_JSON
@QUIET
def run(
    config: Path, results: Path, keep_engine: bool, plan: bool, as_json: bool, quiet: bool
) -> None:
    """Run CONFIG, or resume it if it was interrupted.

    Ctrl-C stops a run at any time; the same command resumes it. A finished run is not repeated: its
    summary is shown, if it was measured on this engine and these pictures. Delete its folder to
    run it again.
    """
    with errors_explained(quiet=quiet, goes_on=not plan) as console:
        from rich.console import Console

        from bench.kinds.run import execute_run, plan_run, read_finished

        if plan:
            planned = plan_run(config, results)
            if as_json:
                print_json(planned.describe())
            else:
                print_plan(planned, Console())
            for warning in planned.warnings:
                click.echo(f"imgsig-bench: warning: {warning}", err=True)
            return
        folder = execute_run(config, results, console, keep_engine)
        if keep_engine and not (folder.work / "engine.json").is_file():
            click.echo(
                f"Its indices are gone; repeat the command to keep them in {folder.work}", err=True
            )
        _show(folder, read_finished(folder), as_json)


@click.command(
    cls=Command,
    examples=(
        "imgsig-bench report results/reference",
        "imgsig-bench report results/reference --json",
    ),
)
@_RUN
@AS_JSON
@QUIET
def report(run: Path, as_json: bool, quiet: bool) -> None:
    """Redraw the report of the finished run in folder RUN and show its summary."""
    with errors_explained(quiet=quiet):
        from bench.kinds.run import report_again
        from bench.runs.folder import RunFolder

        # A link to the run's folder is followed: the user named it. Others would lead elsewhere.
        folder = RunFolder(run.resolve() if run.is_symlink() else run)
        _show(folder, report_again(folder), as_json)


def _show(folder: "RunFolder", manifest: "Mapping[str, Any]", as_json: bool) -> None:
    from rich.console import Console

    from bench.engine.catalog import engine_title
    from bench.kinds.registry import kind_of_run
    from bench.signing.dataset import cautions

    page = folder.path / "report.html"
    console = Console(quiet=as_json)
    summary = kind_of_run(folder).show(folder, manifest, console)
    if manifest["engine"]:
        lucene = manifest["engine"].get("lucene") or "not told"
        console.print(
            f"Measured on {engine_title(manifest['engine'])}, Lucene {lucene}.", highlight=False
        )
    config = manifest["config"]
    beware = cautions(
        manifest["dataset"], searches="search" in config or bool(config.get("queries"))
    )
    for sentence in beware:
        console.print(f"• Note: {sentence}", highlight=False, markup=False)
    if as_json:
        about = {
            "run": str(folder.path),
            **{key: manifest[key] for key in ("kind", "finished", "engine")},
        }
        print_json(about | summary | {"cautions": beware, "report": str(page)})
    console.print(f"Report: {page}", highlight=False, markup=False, soft_wrap=True)


def print_plan(plan: "RunPlan", console: "Console") -> None:
    """Print what a run will build, how long that takes and how much disk."""
    if plan.simulated:
        console.print(
            f"{len(plan.simulated):,} schemes simulated without an index", highlight=False
        )
    if plan.indices:
        console.print(f"On {plan.engine}", highlight=False, markup=False)
        console.print(_indices(plan.indices))
    console.print(_stages(plan))
    if plan.peak_bytes is not None:
        console.print(
            f"Disk at most: {_size(plan.peak_bytes)} ({plan.peak_source})", highlight=False
        )
    if not plan.indices:
        console.print("No index is built.")
    elif plan.where is None:
        console.print("The data go to the cluster at ES_URL: check its free disk.")
    elif plan.free_bytes is not None:
        free = f"Free where the data go: {_size(plan.free_bytes)} ({plan.where})"
        console.print(free, highlight=False, markup=False, soft_wrap=True)
    for sentence in plan.cautions:
        console.print(f"• {sentence}", highlight=False, markup=False)
    console.print(
        "All times and sizes are estimates from the runs named beside them; times are of the "
        "machine those ran on."
    )


def _indices(indices: "tuple[PlannedIndex, ...]") -> "WholeTable":
    from imgsig.cli.terminal import WholeTable

    table = WholeTable("index", title=f"{len(indices)} indices", title_justify="left")
    for heading in ("documents", "B/doc", "disk"):
        table.add_column(heading, justify="right")
    table.add_column("estimated from")
    for one in indices:
        size = one.bytes_per_document
        table.add_row(
            one.index,
            _UNKNOWN if one.documents is None else f"{one.documents:,}",
            _UNKNOWN if size is None else f"{size:,.0f}",
            _size(one.bytes),
            one.source,
        )
    return table


def _stages(plan: "RunPlan") -> "WholeTable":
    from imgsig.cli.terminal import WholeTable

    total = "unknown" if plan.seconds is None else _duration(plan.seconds)
    table = WholeTable("stage", title=f"Expected time: {total}", title_justify="left")
    table.add_column("time", justify="right")
    table.add_column("rate of")
    for stage in plan.stages:
        spent = _UNKNOWN if stage.seconds is None else _duration(stage.seconds)
        table.add_row(stage.stage, spent, stage.source)
    return table


def _size(size: float | None) -> str:
    from bench.report.rounding import sized

    return _UNKNOWN if size is None else sized(size)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


@click.command(
    cls=Command,
    examples=(
        "imgsig-bench verify results/reference",
        "imgsig-bench verify results/reference --json",
    ),
)
@_RUN
@AS_JSON
@QUIET
def verify(run: Path, as_json: bool, quiet: bool) -> None:
    """Check the finished run in folder RUN against its own manifest and raw rows.

    Hashes, columns and counts of all tables; that the config means what was run; pages and figures,
    drawn again and compared byte by byte; that hits are ranked and possible; who is right; and
    every table that follows from others, computed again and compared. What the engine measured
    cannot be measured again from files: for that, run the config.

    Exit code: 0 if everything holds, 1 if not.
    """
    with errors_explained(quiet=quiet) as console:
        from bench.runs.folder import RunFolder
        from bench.verify import verify_run
        from imgsig.cli.terminal import make_progress

        with make_progress(console) as progress:
            # Resolved, for the name of the folder is used, and "." has none.
            checks = list(verify_run(RunFolder(run.resolve()), progress))
    if as_json:
        print_json([check.describe() for check in checks])
    else:
        _print_checks(checks, run)
    sys.exit(ExitCode.OK if all(check.holds for check in checks) else ExitCode.FAILED)


def _print_checks(checks: "list[Check]", run: Path) -> None:
    from rich.console import Console
    from rich.markup import escape

    from imgsig.cli.terminal import WholeTable

    table = WholeTable("", "what must hold", "found")
    for check in checks:
        mark = "[green]holds[/]" if check.holds else "[bold red]fails[/]"
        table.add_row(mark, escape(check.name), escape(check.found))
    console = Console()
    console.print(table)
    console.print(_verdict(checks, run), markup=False, highlight=False, soft_wrap=True)


def _verdict(checks: "list[Check]", run: Path) -> str:
    broken = [check.name for check in checks if not check.holds]
    if not broken:
        return f"{run} holds: all {len(checks)} checks passed."
    return (
        f"{run} does not hold: {len(broken)} of {len(checks)} checks failed ({', '.join(broken)}). "
        "Restore its files, or run the config again."
    )
