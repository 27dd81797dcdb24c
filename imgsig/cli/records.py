"""Where the records of signed files are written, one at a time."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click

from imgsig.errors import ImgsigError
from imgsig.output_file import written
from imgsig.sign_many import SignedFile

#: Records that are held before they become a row group of a Parquet file.
_ROWS = 1000

#: What differs between two runs on the same files. It is left out, so that their bytes are equal.
_OF_THE_RUN = ("seconds", "from_cache")

Write = Callable[[SignedFile], None]


@contextmanager
def open_sink(jsonl: Path | None = None, parquet: Path | None = None) -> Iterator[Write]:
    """Open what records are written to; a file that is there afterwards is whole.

    Parameters
    ----------
    jsonl, parquet : Path, optional
        File of JSON lines, or of Parquet; without either, lines go to standard output.

    Yields
    ------
    callable
        Takes a record and writes it.

    Raises
    ------
    ImgsigError
        If there is no folder for the file, or Parquet is asked for and pyarrow is not installed.
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


def _row(record: SignedFile) -> dict[str, Any]:
    return {key: value for key, value in record.describe().items() if key not in _OF_THE_RUN}


def _line(record: SignedFile) -> bytes:
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
    with (
        _seekable(file) as sink,
        parquet.ParquetWriter(sink, schema, compression="zstd") as writer,
    ):

        def flush() -> None:
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            rows.clear()

        def write(record: SignedFile) -> None:
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
