"""``imgsig-bench run`` and ``report``: measure, and look at what was measured."""

from pathlib import Path

import click
from rich.console import Console

from bench.cli.explained import errors_explained
from bench.engine.folder import place
from bench.environment import ROOT
from bench.experiment import load_experiment
from bench.report import print_summary, summarize, verdict, write_report
from bench.run import run_experiment, run_folder
from bench.run_folder import RunFolder
from datasets.cache import cache_dir


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
    """Run the experiment CONFIG, or the rest of it if it was interrupted."""
    with errors_explained():
        experiment = load_experiment(config)
        folder = run_folder(results, experiment)
        if plan:
            for variant in experiment.expand():
                click.echo(f"{variant.index_name}\t{variant.key}")
            return
        console = Console(stderr=True)
        if (
            folder.is_finished
            and keep_engine
            and not place(folder.work / "engine", cache_dir()).exists()
        ):
            click.echo(
                f"This run is finished and its indices are gone; delete {folder.path} to run it "
                "again and keep them",
                err=True,
            )
        if not folder.is_finished:
            console.print(f"Run folder: {folder.path}", highlight=False, soft_wrap=True)
            text = config.read_text(encoding="utf-8")
            run_experiment(
                experiment, folder, config_text=text, console=console, keep_engine=keep_engine
            )
        _show(folder)


@click.command()
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
def report(run: Path) -> None:
    """Draw the report of the finished run in folder RUN again, and show its table."""
    with errors_explained():
        folder = RunFolder(run)
        write_report(folder, folder.manifest())
        _show(folder)


def _show(folder: RunFolder) -> None:
    rows = summarize(folder)
    console = Console()
    print_summary(rows, verdict(rows, folder.table("comparisons")), console)
    console.print(f"Report: {folder.path / 'report.html'}", highlight=False, soft_wrap=True)
