"""Where the records of signed files are written, one at a time."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from imgsig.errors import ImgsigError
from imgsig.sign_many import SignedFile

#: Records that are held before they become a row group of a Parquet file.
_ROWS = 1000

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
        If Parquet is asked for and pyarrow is not installed.
    """
    path = jsonl or parquet
    if path is None:
        yield lambda record: click.echo(_line(record))
        return
    aside = path.with_name(f".{path.name}.part")
    try:
        with _parquet(aside) if parquet else _lines(aside) as write:
            yield write
        with aside.open("ab") as file:
            os.fsync(file.fileno())  # a power cut may keep the new name and lose the content
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _line(record: SignedFile) -> str:
    return json.dumps(record.describe(), ensure_ascii=False)


@contextmanager
def _lines(path: Path) -> Iterator[Write]:
    with path.open("w", encoding="utf-8") as file:

        def write(record: SignedFile) -> None:
            file.write(_line(record) + "\n")

        yield write


@contextmanager
def _parquet(path: Path) -> Iterator[Write]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise ImgsigError(
            "--parquet needs pyarrow: pip install pyarrow, or write --jsonl"
        ) from error
    columns = [("path", pa.string()), ("outcome", pa.string()), ("reason", pa.string())]
    columns += [("sha256", pa.string()), ("seconds", pa.float64()), ("from_cache", pa.bool_())]
    schema = pa.schema([*columns, ("signature", pa.list_(pa.int8()))])
    rows: list[dict[str, Any]] = []
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:

        def flush() -> None:
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            rows.clear()

        def write(record: SignedFile) -> None:
            rows.append(record.describe())
            if len(rows) >= _ROWS:
                flush()

        yield write
        flush()
