"""``imgsig index add``."""

import json
import threading
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from hashlib import sha256
from os import fsdecode
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from imgsig.cli.boundary import ExitCode
from imgsig.cli.command import QUIET, Command
from imgsig.cli.index.session import NAME, URL, metadata_of, opened
from imgsig.cli.sign import count_files, files_below
from imgsig.cli.signature import explained
from imgsig.errors import ConfigError, EngineError, ImgsigError
from imgsig.file_names import shown_name, written_name

if TYPE_CHECKING:
    from imgsig.index import Added, ImageIndex

_KEPT = "what was added stays: the same command adds the rest"
#: What became of a file that was not looked at, because the index has it.
_THERE = "there"


def id_of(path: str) -> str:
    """The id of the document of a path as it is typed: nobody adds it twice.

    >>> id_of("a.jpg")
    'UJsNRkGnw7oIj_ooVZ0f'
    """
    digest = sha256(written_name(path).encode()).digest()
    return urlsafe_b64encode(digest[:15]).decode()


@click.command(
    cls=Command,
    examples=(
        "imgsig index add photos folder/",
        "imgsig index add photos a.jpg b.jpg --metadata tenant=x --quiet",
        "imgsig index add photos folder/ --metadata-from metadata.jsonl --workers 4",
        "imgsig index add photos changed/ --replace --json",
    ),
)
@NAME
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--workers", type=click.IntRange(min=1), help="Processes.  [default: one for each core]"
)
@click.option(
    "--metadata", multiple=True, metavar="KEY=VALUE", help="Value of a declared field, for all."
)
@click.option(
    "--metadata-from",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='JSON lines with the metadata of each file beside its "path".',
)
@click.option("--replace", is_flag=True, help="Add again what is there: files have changed.")
@URL
@click.option("--json", "as_json", is_flag=True, help="Print a JSON line a file.")
@QUIET
@click.pass_context
def add(
    context: click.Context,
    /,
    name: str,
    paths: tuple[Path, ...],
    workers: int | None,
    metadata: tuple[str, ...],
    metadata_from: Path | None,
    replace: bool,
    url: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Add files, and all files below folders, to the index NAME.

    A document's id is made of the path as typed, so that a file that is there is passed over:
    Ctrl-C stops it at any time, and the same command adds what is missing. Links to folders are not
    followed.

    A file that has no signature, or that the index does not take, is told and passed over; the exit
    code is then 1.
    """
    from imgsig.cli.terminal import make_progress, progress_console

    outcomes: Counter[str] = Counter()
    with ExitStack() as stack:
        stack.enter_context(explained(f"interrupted; {_KEPT}"))
        index = stack.enter_context(opened(url, name))
        of_file = _Metadata(index, metadata, metadata_from)
        progress = stack.enter_context(make_progress(progress_console(quiet=quiet)))
        bar = progress.add_task("Adding", total=None)
        if not quiet:
            counting = (progress, bar, files_below(paths, set()))
            threading.Thread(target=count_files, args=counting, daemon=True).start()

        def told(path: str, id_: str | None, outcome: str, reason: str = "") -> None:
            outcomes[outcome] += 1
            progress.advance(bar)
            if as_json:
                row = {"path": written_name(path), "id": id_, "outcome": outcome, "reason": reason}
                click.echo(json.dumps(row, ensure_ascii=False).encode())
            if outcome not in ("ok", _THERE):
                click.echo(f"imgsig: {shown_name(path)}: {outcome}: {reason}", err=True)

        files: Iterator[str] = map(fsdecode, files_below(paths, set()))
        if not replace:
            files = _missing(index, files, lambda path: told(path, id_of(path), _THERE))
        for one in _added(index, files, workers, of_file):
            told(str(one.path), one.id, one.outcome, one.reason)
        total = outcomes.total()
        progress.update(bar, total=total)
        if not total:
            named = ", ".join(map(shown_name, paths))
            raise ImgsigError(f"no files in {named}: nothing was added")
        index.refresh()
    if of_file.lacking and not quiet:
        click.echo(f"imgsig: {of_file.told()}", err=True)
    there, added = outcomes.pop(_THERE, 0), outcomes.pop("ok", 0)
    if not as_json:
        click.echo(f"{name}: {added:,} added" + (f", {there:,} were there" if there else ""))
    if outcomes:
        counts = ", ".join(f"{count:,} {outcome}" for outcome, count in outcomes.most_common())
        failed = outcomes.total()
        click.echo(f"imgsig: {failed:,} of {total:,} were not added: {counts}", err=True)
        context.exit(ExitCode.FAILED)


def _added(
    index: "ImageIndex",
    files: Iterator[str],
    workers: int | None,
    metadata: Callable[[str], dict[str, Any]],
) -> "Iterator[Added]":
    try:
        yield from index.add_many(files, workers=workers, metadata=metadata, ids=id_of)
    except EngineError as error:
        raise EngineError(f"{error}; {_KEPT}", error.status) from error


def _missing(
    index: "ImageIndex", files: Iterator[str], there: Callable[[str], None]
) -> Iterator[str]:
    """Files that the index does not have; the others are told."""
    from imgsig.index.batches import batches

    for batch in batches(files):
        ids = {path: id_of(path) for path in batch}
        known = index.existing(ids.values())
        for path, id_ in ids.items():
            if id_ in known:
                there(path)
            else:
                yield path


class _Metadata:
    """What each file has beside its picture; what the index cannot take is refused at once."""

    def __init__(self, index: "ImageIndex", typed: tuple[str, ...], file: Path | None) -> None:
        import numpy as np

        self._file, self._of_all = file, metadata_of(typed, index.fields)
        self._of_each: dict[str, dict[str, Any]] = {}
        #: How many files had no line, and the first of them.
        self.lacking, self._first = 0, ""
        empty = np.zeros(index.identity.signature.length, dtype=np.int8)
        index.document(empty, metadata=self._of_all)
        for number, path, one in _lines(file) if file else ():
            if path in self._of_each:
                raise ConfigError(f"{file}, line {number}: {path!r} has a line before; leave one")
            try:
                index.document(empty, metadata=one)
            except ConfigError as error:
                raise ConfigError(f"{file}, line {number}: {error}") from None
            self._of_each[path] = one

    def __call__(self, path: str) -> dict[str, Any]:
        """Of a file, by its path as typed."""
        own = self._of_each.get(written_name(path))
        if own is None and self._file:
            self._first = self._first or shown_name(path)
            self.lacking += 1
        return self._of_all | (own or {})

    def told(self) -> str:
        """Which files had no line."""
        return (
            f"{self._file} has no line for {self.lacking:,} of the files, such as {self._first}; "
            "its paths are written as they are typed here"
        )


def _lines(file: Path) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Number, path and metadata of each line."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} is no UTF-8 ({error.reason}); write it as UTF-8") from None
    # Not by `splitlines`: JSON allows other ends of lines within a text.
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else [], start=1):
        try:
            row = json.loads(line)
            path = row.pop("path")
        except (ValueError, AttributeError, KeyError, TypeError):
            raise ConfigError(
                f'{file}, line {number}: not a JSON object with a "path": {line[:80]}'
            ) from None
        yield number, str(Path(str(path))), row  # as the path of a file is written
