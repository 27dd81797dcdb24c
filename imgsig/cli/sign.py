"""``imgsig sign``: signatures of many files, a line of JSON or a row of Parquet each."""

import json
import os
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from imgsig.cli.boundary import ExitCode
from imgsig.cli.command import QUIET, Command, signature_options
from imgsig.cli.signature import explained
from imgsig.errors import ConfigError, ImgsigError
from imgsig.file_names import shown_name
from imgsig.output_file import aside_of, beside, is_kept, written

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from imgsig.config import SignatureConfig
    from imgsig.sign_many import SignedFile

_OUT = click.Path(dir_okay=False, path_type=Path)


@click.command(
    cls=Command,
    examples=(
        "imgsig sign photos/ > signatures.jsonl",
        "imgsig sign a.jpg b.jpg photos/ --workers 4 --jsonl signatures.jsonl",
        "imgsig sign photos/ --parquet signatures.parquet --quiet",
        "imgsig sign photos/ --pixels bytes > signatures.jsonl",
        "imgsig sign photos/ --cache signed.sqlite > signatures.jsonl",
    ),
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--workers", type=click.IntRange(min=1), help="Processes.  [default: one for each core]"
)
@click.option("--jsonl", type=_OUT, help="Write JSON lines here instead of standard output.")
@click.option("--parquet", type=_OUT, help="Write a Parquet file instead; needs pyarrow.")
@click.option(
    "--cache",
    type=_OUT,
    help=(
        "Keep signatures here by file content, so that none is computed twice.  [default: a "
        "hidden file beside the output, until that is complete]"
    ),
)
@signature_options
@QUIET
@click.pass_context
def sign(
    context: click.Context,
    /,
    paths: tuple[Path, ...],
    workers: int | None,
    jsonl: Path | None,
    parquet: Path | None,
    cache: Path | None,
    quiet: bool,
    **of_signature: Any,
) -> None:
    r"""Sign files, and all files below folders, in order: one record each.

    A file without a signature has a record too, with the reason. Such files are listed on standard
    error and counted at the end, and the exit code is then 1. Links to folders are not followed.

    Ctrl-C stops it at any time. With --jsonl, --parquet or --cache the same command goes on from
    there, and ends in the same bytes.

    In records, bytes of a name that are no UTF-8 are written \xNN, and a backslash before such a
    code \x5c.
    """
    if jsonl and parquet:
        raise click.UsageError("--jsonl and --parquet are both given; one run writes one of them")
    from imgsig.cli.terminal import make_progress, progress_console
    from imgsig.config import SignatureConfig
    from imgsig.sign_many.cache import SignatureDatabase

    config = SignatureConfig(**of_signature)
    output = jsonl or parquet
    with explained():  # a link may lead to itself
        passing = None
        if output and is_kept(output) and not cache:
            passing = beside(_real(output), ".signed")
        kept = _real(cache) if cache else passing
        own = set(SignatureDatabase.files(kept)) if kept else set[Path]()
        if output:
            own |= {_real(output), aside_of(_real(output))}
    failed: Counter[str] = Counter()
    signed = 0
    with (
        explained(_interrupted(kept)),
        make_progress(progress_console(quiet=quiet)) as progress,
        open_sink(jsonl, parquet) as write,
    ):
        bar = progress.add_task("Signing", total=None)
        if not quiet:
            # A walk is cheap beside signing, but not free: nothing waits for it.
            counting = (progress, bar, files_below(paths, own))
            threading.Thread(target=count_files, args=counting, daemon=True).start()
        of_files = _signed(
            files_below(paths, own), workers, config, kept, is_asked=cache is not None
        )
        for record in of_files:
            write(record)
            if record.is_ok:
                signed += 1
            else:
                failed[record.outcome] += 1
                name = shown_name(record.path)
                click.echo(f"imgsig: {name}: {record.outcome}: {record.reason}", err=True)
            progress.advance(bar)
        total = signed + failed.total()
        progress.update(bar, total=total)
        if not total:
            _remove(passing)
            named = ", ".join(map(shown_name, paths))
            raise ImgsigError(f"no files in {named}: nothing was signed")
    _remove(passing)
    if failed:
        counts = ", ".join(f"{count:,} {outcome}" for outcome, count in failed.most_common())
        click.echo(f"imgsig: {failed.total():,} of {total:,} have no signature: {counts}", err=True)
        context.exit(ExitCode.FAILED)


def _real(path: Path) -> Path:
    """The path without links; `OSError` where they lead round in a circle."""
    with suppress(FileNotFoundError):
        path.stat()
    return path.resolve()


def count_files(progress: "Progress", bar: "TaskID", files: Iterator[Path]) -> None:
    """Say how many files there are, when they have been counted."""
    progress.update(bar, total=sum(1 for _ in files))


def _remove(passing: Path | None) -> None:
    """Remove what was kept for another start: the output is whole, or there is none."""
    from imgsig.sign_many.cache import SignatureDatabase

    for file in SignatureDatabase.files(passing) if passing else ():
        file.unlink(missing_ok=True)


def _interrupted(kept: Path | None) -> str:
    if kept is None:
        return (
            "interrupted; with --jsonl, --parquet or --cache the same command would resume from "
            "here"
        )
    return (
        f"interrupted; what was signed is in {shown_name(kept)}: the same command resumes from "
        "there"
    )


def _signed(
    files: Iterator[Path],
    workers: int | None,
    config: "SignatureConfig",
    kept: Path | None,
    *,
    is_asked: bool,
) -> "Iterator[SignedFile]":
    from imgsig.sign_many import sign_many

    try:
        return sign_many(files, workers=workers, config=config, cache=kept)
    except ConfigError as error:  # SQLite cannot work on every network file system
        if is_asked or kept is None:
            raise
        click.echo(f"imgsig: signatures cannot be kept for a later start: {error}", err=True)
        return sign_many(files, workers=workers, config=config)


def files_below(paths: tuple[Path, ...], own: set[Path]) -> Iterator[Path]:
    """Files in the order given, those below a folder by their names; found as they are taken.

    What this command itself writes is left out. A folder that cannot be entered is among them.
    """
    closed: list[Path] = []

    def cannot_enter(error: OSError) -> None:
        closed.append(Path(error.filename))

    for path in paths:
        if not os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for too long a name
            yield path
            continue
        for folder, names, files in os.walk(path, onerror=cannot_enter):
            yield from closed
            closed.clear()
            names.sort()
            real = Path(folder).resolve()
            yield from (Path(folder) / name for name in sorted(files) if real / name not in own)
        yield from closed
        closed.clear()


#: Records that are held before they become a row group of a Parquet file.
_ROWS = 1000

#: What differs between two runs on the same files. It is left out, so that their bytes are equal.
_OF_THE_RUN = ("seconds", "from_cache")

Write = Callable[["SignedFile"], None]


@contextmanager
def open_sink(jsonl: Path | None = None, parquet: Path | None = None) -> Iterator[Write]:
    """Open what records are written to; a file that is there afterwards is whole.

    JSON lines or Parquet; without either, lines go to standard output. `ImgsigError` if there is no
    folder for the file, or Parquet is asked for and pyarrow is not installed.
    """
    path = jsonl or parquet
    if path is None:
        yield lambda record: click.echo(_line(record))
        return
    if not path.parent.is_dir():
        raise ImgsigError(f"there is no folder {path.parent} to write {path.name} into; create it")
    with written(path) as file:
        if parquet:
            with _parquet(file) as write:
                yield write
        else:
            yield lambda record: click.echo(_line(record), file=file)


def _row(record: "SignedFile") -> dict[str, Any]:
    return {key: value for key, value in record.describe().items() if key not in _OF_THE_RUN}


def _line(record: "SignedFile") -> bytes:
    """JSON is UTF-8, whatever the terminal is."""
    return json.dumps(_row(record), ensure_ascii=False).encode()


@contextmanager
def _parquet(file: BinaryIO) -> Iterator[Write]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise ImgsigError(
            "--parquet needs pyarrow: pip install pyarrow, or write --jsonl"
        ) from error
    columns = [(name, pa.string()) for name in ("path", "outcome", "reason", "sha256")]
    schema = pa.schema([*columns, ("signature", pa.list_(pa.int8()))])
    rows: list[dict[str, Any]] = []
    with _seekable(file) as sink, parquet.ParquetWriter(sink, schema, compression="zstd") as writer:

        def flush() -> None:
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            rows.clear()

        def write(record: "SignedFile") -> None:
            rows.append(_row(record))
            if len(rows) >= _ROWS:
                flush()

        yield write
        flush()


@contextmanager
def _seekable(file: BinaryIO) -> Iterator[BinaryIO]:
    """The file itself, or one that is copied to it in the end: a pipe does not know its place."""
    if file.seekable():
        yield file
        return
    with tempfile.TemporaryFile() as held:
        yield held
        held.seek(0)
        shutil.copyfileobj(held, file)
