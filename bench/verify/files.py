"""Checks that every kind of run takes: its files are those that its manifest names."""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bench.kinds.base import Kind
from bench.kinds.sections import RunConfig
from bench.report.gallery.thumbnails import PICTURES
from bench.runs.check import Check, agree
from bench.runs.config_file import canonical_json, short_hash
from bench.runs.errors import BenchError
from bench.runs.folder import RunFolder


def check_tables(folder: RunFolder, manifest: Mapping[str, Any]) -> Check:
    """Whether every table is there, untouched, with the rows and columns that it should have."""
    tables = manifest["tables"]
    rows = sum(entry["rows"] for entry in tables.values())
    found = f"{len(tables)} tables, {rows:,} rows, SHA-256 as in the manifest"
    return agree("tables are those of the manifest", _table_problems(folder, tables), found)


def _table_problems(folder: RunFolder, tables: Mapping[str, Any]) -> Iterator[str]:
    present = {path.stem for path in folder.path.glob("*.parquet")}
    for name in sorted(present - set(tables) - {Path(PICTURES).stem}):  # pixels stay private
        yield f"{name}.parquet is not in the manifest"
    for name, entry in tables.items():
        if name not in present:
            yield f"{name}.parquet is missing"
            continue
        path = folder.path / f"{name}.parquet"
        if hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            yield f"{name}.parquet has another SHA-256: it was changed after the run"
            continue
        try:
            written = pq.read_metadata(path)
        except (pa.ArrowException, OSError) as error:
            yield f"{name}.parquet cannot be read: {error}"
            continue
        if written.num_rows != entry["rows"]:
            yield f"{name}.parquet has {written.num_rows:,} rows instead of {entry['rows']}"
        columns = written.schema.to_arrow_schema().names
        if columns != list(entry["columns"]):
            yield f"{name}.parquet has the columns {', '.join(columns)}"


def read_config_again(kind: Kind[Any], manifest: Mapping[str, Any]) -> RunConfig:
    """The config of a run, from its text in the manifest."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.yaml"
        path.write_text(manifest["config_text"], encoding="utf-8")
        config: RunConfig = kind.load(path)
        return config


def check_config(kind: Kind[Any], manifest: Mapping[str, Any]) -> tuple[Check, RunConfig | None]:
    """Whether the config's text still means what was run, by which and its code it is named."""
    name = "the config's text means what was run"
    try:
        config = read_config_again(kind, manifest)
    except BenchError as error:
        return Check(name, False, f"this version refuses it: {error}"), None
    form, key = config.canonical(), config.key
    if "elasticsearch" in manifest["engine"]:
        # Of a run before configs named their engine. The manifest says which it was.
        form["engine"] = {k: v for k, v in form["engine"].items() if k not in ("name", "version")}
        key = f"{config.name}-{short_hash(form)}"
    problems = []
    if canonical_json(form) != canonical_json(manifest["config"]):
        problems.append("its canonical form is another now")
    if not manifest["run"].startswith(f"{key}-"):
        problems.append(f"its key is {key}, the run is {manifest['run']}")
    sources = str(manifest["code"].get("source_sha256"))[:6]
    if not manifest["run"].endswith(f"-{sources}"):
        problems.append(f"its sources are {sources}, the run is {manifest['run']}")
    return agree(name, problems, key), config
