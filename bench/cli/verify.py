"""``imgsig-bench verify``: whether a result still holds."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bench.cli.completion import complete_runs
from bench.cli.explained import errors_explained, print_json
from imgsig.cli.command import Command
from imgsig.cli.exit_codes import ExitCode
from imgsig.cli.options import AS_JSON, QUIET

if TYPE_CHECKING:
    from bench.verify import Check


@click.command(
    cls=Command,
    examples=(
        "imgsig-bench verify results/reference",
        "imgsig-bench verify results/reference --json",
    ),
)
@click.argument(
    "run",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    shell_complete=complete_runs,
)
@AS_JSON
@QUIET
def verify(run: Path, as_json: bool, quiet: bool) -> None:
    """Check the finished run in folder RUN against its own manifest and raw rows.

    Hashes, columns and counts of all tables; that the config means what was run; that hits are
    ranked and possible; who is right; and every measure, interval, fit and projection, computed
    again. What the engine measured cannot be measured again from files: for that, run the config.

    Exit code: 0 if everything holds, 1 if not.
    """
    with errors_explained(quiet=quiet) as console:
        from bench.runs.folder import RunFolder
        from bench.verify import verify_run
        from imgsig.cli.progress import make_progress

        with make_progress(console) as progress:
            checks = list(verify_run(RunFolder(run), progress))
    if as_json:
        print_json([check.describe() for check in checks])
    else:
        _print(checks, run)
    sys.exit(ExitCode.OK if all(check.holds for check in checks) else ExitCode.FAILED)


def _print(checks: "list[Check]", run: Path) -> None:
    from rich.console import Console
    from rich.markup import escape

    from imgsig.cli.table import WholeTable

    table = WholeTable("", "what must hold", "found")
    for check in checks:
        mark = "[green]holds[/]" if check.holds else "[bold red]does not[/]"
        table.add_row(mark, escape(check.name), escape(check.found))
    console = Console()
    console.print(table)
    console.print(_verdict(checks, run), markup=False, highlight=False, soft_wrap=True)


def _verdict(checks: "list[Check]", run: Path) -> str:
    broken = [check.name for check in checks if not check.holds]
    if not broken:
        return f"{run} holds: {len(checks)} checks, all as they must be."
    return (
        f"{run} does not hold: {len(broken)} of {len(checks)} checks failed ({', '.join(broken)}). "
        "Restore its files, or run the config again."
    )
