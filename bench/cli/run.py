"""``imgsig-bench run`` and ``report``: measure, and look at what was measured."""

from pathlib import Path

import click
from rich.console import Console

from bench.cli.explained import errors_explained
from bench.environment import ROOT
from bench.kinds import kind_of, kind_of_run
from bench.run_folder import RunFolder


@click.command()
@click.argument("config", type=click.Path(path_type=Path))
@click.option(
    "--results",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / "results",
    help="Where result folders are kept.  [default: results/ of the clone]",
)
@click.option("--keep-engine", is_flag=True, help="Leave Elasticsearch running, indices in it.")
@click.option("--plan", is_flag=True, help="List the variants and stop.")
def run(config: Path, results: Path, keep_engine: bool, plan: bool) -> None:
    """Run what CONFIG says, or the rest of it if it was interrupted."""
    with errors_explained():
        kind = kind_of(config)
        if plan:
            for line in kind.plan(config):
                click.echo(line)
            return
        folder = kind.run(config, results, Console(stderr=True), keep_engine)
        if keep_engine and not (folder.work / "engine.json").is_file():
            click.echo(
                f"This run is finished and its indices are gone; delete {folder.path} to run it "
                "again and keep them",
                err=True,
            )
        _show(folder)


@click.command()
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
def report(run: Path) -> None:
    """Draw the report of the finished run in folder RUN again, and show its table."""
    with errors_explained():
        _show(RunFolder(run))


def _show(folder: RunFolder) -> None:
    console = Console()
    kind_of_run(folder).show(folder, folder.manifest(), console)
    console.print(f"Report: {folder.path / 'report.html'}", highlight=False, soft_wrap=True)
