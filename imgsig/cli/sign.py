"""``imgsig sign``: signatures of many files, a line of JSON or a row of Parquet each."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from imgsig.cli.command import Command
from imgsig.cli.exit_codes import ExitCode
from imgsig.cli.options import QUIET
from imgsig.cli.signature import explained

_OUT = click.Path(dir_okay=False, path_type=Path)


@click.command(
    cls=Command,
    examples=(
        "imgsig sign photos/ > signatures.jsonl",
        "imgsig sign a.jpg b.jpg photos/ --workers 4 --jsonl signatures.jsonl",
        "imgsig sign photos/ --parquet signatures.parquet --quiet",
    ),
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--workers", type=click.IntRange(min=1), help="Processes.  [default: one for each core]"
)
@click.option("--jsonl", type=_OUT, help="Write JSON lines here instead of standard output.")
@click.option("--parquet", type=_OUT, help="Write a Parquet file instead; needs pyarrow.")
@QUIET
@click.pass_context
def sign(
    context: click.Context,
    paths: tuple[Path, ...],
    workers: int | None,
    jsonl: Path | None,
    parquet: Path | None,
    quiet: bool,
) -> None:
    """Sign files, and all files below folders, in order: one record each.

    A file without a signature has a record too, with the reason. Such files are listed on standard
    error and counted at the end, and the exit code is then 1.
    """
    if jsonl and parquet:
        raise click.UsageError("--jsonl and --parquet are both given; one run writes one of them")
    from imgsig.cli.progress import make_progress, progress_console
    from imgsig.cli.records import open_sink
    from imgsig.sign_many import sign_many

    failed: Counter[str] = Counter()
    signed = 0
    with (
        explained(),
        make_progress(progress_console(quiet=quiet)) as progress,
        open_sink(jsonl, parquet) as write,
    ):
        bar = progress.add_task("Signing", total=None)
        for record in sign_many(_files(paths), workers=workers):
            write(record)
            if record.is_ok:
                signed += 1
            else:
                failed[record.outcome] += 1
                click.echo(f"imgsig: {record.path}: {record.outcome}: {record.reason}", err=True)
            progress.advance(bar)
    if failed:
        counts = ", ".join(f"{count:,} {outcome}" for outcome, count in failed.most_common())
        total = failed.total()
        click.echo(f"imgsig: {total:,} of {signed + total:,} have no signature: {counts}", err=True)
        context.exit(ExitCode.FAILED)


def _files(paths: tuple[Path, ...]) -> Iterator[Path]:
    """Files in the order given, those below a folder by their names; found as they are taken."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, names, files in os.walk(path):
            names.sort()
            yield from (Path(folder) / name for name in sorted(files))
