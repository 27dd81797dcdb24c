"""``imgsig-bench diff``: what changed from one finished run to another."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bench.cli.completion import complete_runs
from bench.cli.session import errors_explained, print_json, print_listing
from imgsig.cli.boundary import ExitCode
from imgsig.cli.command import AS_JSON, QUIET, Command

if TYPE_CHECKING:
    from rich.console import Console

    from bench.diff import Diff

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(
    cls=Command,
    examples=(
        "imgsig-bench diff results/reference results/reference-pictures",
        "imgsig-bench diff results/mine --against results/reference --page diff.html",
        "imgsig-bench diff results/mine --against results/reference "
        "--fail-over bytes=5% --fail-over quality=0.01",
    ),
)
@click.argument("run", type=_FOLDER, shell_complete=complete_runs)
@click.argument("other", type=_FOLDER, required=False, shell_complete=complete_runs)
@click.option(
    "--against",
    type=_FOLDER,
    shell_complete=complete_runs,
    help="Compare RUN with this earlier run.",
)
@click.option(
    "--fail-over",
    "limits",
    multiple=True,
    metavar="PART=LIMIT",
    help="Exit with code 3 if B is worse than A by more: bytes=5%, quality=0.01 or time=1.5. "
    "May be repeated.",
)
@click.option(
    "--page", type=click.Path(dir_okay=False, path_type=Path), help="Also write an HTML page."
)
@AS_JSON
@QUIET
def diff(
    run: Path,
    other: Path | None,
    against: Path | None,
    limits: tuple[str, ...],
    page: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Say what changed from one finished run to another, and gate on it.

    RUN is A and OTHER is B; with --against, RUN is B. Both are of one kind. Bytes a document of
    indices of the same name, quality (in pairs where the queries are the same) and times are
    compared, beside config, code, engine and machine.

    Exit code: 0, or 3 if a limit is not kept. What A has and B lacks keeps no limit.
    """
    pair = [each for each in (against, run, other) if each is not None]
    if len(pair) != 2:
        raise click.UsageError("name two runs, or one and --against another")
    with errors_explained(quiet=quiet):
        from rich.console import Console

        from bench.diff import diff_page, diff_runs, parse_limit, sentences
        from bench.runs.folder import RunFolder, write_output

        try:
            asked = [parse_limit(text) for text in limits]
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--fail-over") from error
        a, b = pair
        found = diff_runs(RunFolder(a), RunFolder(b))
        if page is not None:
            write_output(page, diff_page(found, asked).encode())
            click.echo(f"Page: {page}", err=True)
        passed = {limit.text: limit.passed(found) for limit in asked}
        said = sentences(found, asked)
        if as_json:
            print_json(found.describe() | {"sentences": said, "limits": passed})
        else:
            _print(found, said, Console())
    sys.exit(ExitCode.NOT_REACHED if any(passed.values()) else ExitCode.OK)


def _print(found: "Diff", said: list[str], console: "Console") -> None:
    """Cautions, sentences, and what differs; what is the same is in the JSON and on the page."""
    from bench.diff import listings

    told = [f"A: {found.runs['a']}", f"B: {found.runs['b']}"]
    told += [f"• Note: {caution}" for caution in found.cautions] + [f"• {each}" for each in said]
    for line in told:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    for listing in listings(found):
        differing = listing.table[listing.table["A"] != listing.table["B"]]
        if not differing.empty:
            shown = differing.drop(columns="how", errors="ignore")
            print_listing(replace(listing, table=shown), console)
