"""``imgsig-bench pool``: several runs of one config, taken together."""

from pathlib import Path

import click

from bench.cli.completion import complete_runs
from bench.cli.session import errors_explained, print_json, print_listing
from imgsig.cli.command import AS_JSON, QUIET, Command


@click.command(
    cls=Command,
    examples=(
        "imgsig-bench pool results/monday results/tuesday results/friday",
        "imgsig-bench pool results/pictures-* --json",
    ),
)
@click.argument(
    "runs",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    shell_complete=complete_runs,
)
@AS_JSON
@QUIET
def pool(runs: tuple[Path, ...], as_json: bool, quiet: bool) -> None:
    """Pool finished RUNS of one config: how far bytes, quality and times vary between them.

    Each run is one observation, so intervals hold what differs from day to day and from machine to
    machine; those of a single run do not.
    """
    with errors_explained(quiet=quiet):
        from rich.console import Console

        from bench.diff.pool import pool_listings, pool_runs, pool_sentences
        from bench.runs.folder import RunFolder

        found = pool_runs([RunFolder(path) for path in runs])
        said = pool_sentences(found)
        if as_json:
            print_json(found.describe() | {"sentences": said})
            return
        console = Console()
        for line in said:
            console.print(f"• {line}", highlight=False, markup=False, soft_wrap=True)
        for listing in pool_listings(found):
            print_listing(listing, console)
