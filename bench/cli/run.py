"""``imgsig-bench run`` and ``report``: measure, and look at what was measured."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bench.cli.completion import complete_configs, complete_runs
from bench.cli.explained import errors_explained, print_json
from bench.runs.environment import ROOT
from bench.signing.cautions import cautions
from imgsig.cli.command import Command
from imgsig.cli.options import AS_JSON, QUIET

if TYPE_CHECKING:
    from bench.runs.folder import RunFolder


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
    help="Where result folders are kept.  [default: results/ of the clone]",
)
@click.option("--keep-engine", is_flag=True, help="Leave Elasticsearch running, indices in it.")
@click.option("--plan", is_flag=True, help="Say what would be built, how long and how large.")
@AS_JSON
@QUIET
def run(
    config: Path, results: Path, keep_engine: bool, plan: bool, as_json: bool, quiet: bool
) -> None:
    """Run what CONFIG says, or the rest of it if it was interrupted.

    Ctrl-C stops a run at any time: the same command goes on from there. A run that is finished is
    not done again: its summary is shown, if it was measured on the engine that is asked for and of
    the pictures that are there. Delete its folder to run it again.
    """
    with errors_explained(quiet=quiet, goes_on=not plan) as console:
        from rich.console import Console

        from bench.cli.planned import print_plan
        from bench.kinds.planning import plan_run
        from bench.kinds.run import execute_run

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
            click.echo(f"Its indices are gone; run again, it keeps them in {folder.work}", err=True)
        _show(folder, as_json)


@click.command(
    cls=Command,
    examples=(
        "imgsig-bench report results/reference",
        "imgsig-bench report results/reference --json",
    ),
)
@click.argument(
    "run",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    shell_complete=complete_runs,
)
@AS_JSON
@QUIET
def report(run: Path, as_json: bool, quiet: bool) -> None:
    """Draw the report of the finished run in folder RUN again, and show its summary."""
    with errors_explained(quiet=quiet):
        from bench.kinds.run import report_again
        from bench.runs.folder import RunFolder

        # A link to the run's folder is followed: the user named it. Others would lead elsewhere.
        folder = RunFolder(run.resolve() if run.is_symlink() else run)
        report_again(folder)
        _show(folder, as_json)


def _show(folder: "RunFolder", as_json: bool) -> None:
    from rich.console import Console

    from bench.kinds.registry import kind_of_run
    from bench.runs.manifest import read_manifest

    folder.check_links()
    manifest, page = read_manifest(folder), folder.path / "report.html"
    console = Console(quiet=as_json)
    summary = kind_of_run(folder).show(folder, manifest, console)
    beware = cautions(manifest["dataset"], searches="search" in manifest["config"])
    for sentence in beware:
        console.print(f"• Note: {sentence}", highlight=False, markup=False)
    if as_json:
        about = {
            "run": str(folder.path),
            "kind": manifest["kind"],
            "finished": manifest["finished"],
        }
        print_json(about | summary | {"cautions": beware, "report": str(page)})
    console.print(f"Report: {page}", highlight=False, soft_wrap=True)
