"""Planted words are found wherever they are."""

import base64
import gzip
import subprocess
import sys

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.faults.planted import CommandLines, files_with, written_forms

SECRET, USER = "planted:pass/91", "me"
WORDS = written_forms(SECRET, USER)


def in_parquet(path):
    pd.DataFrame({"a": ["x", f"see {SECRET}!"]}).to_parquet(path, compression="zstd")


def in_metadata_of_parquet(path):
    table = pa.table({"a": [1]}).replace_schema_metadata({"url": f"http://{SECRET}@host"})
    pq.write_table(table, path)


def in_png(path):
    info = PngInfo()
    info.add_text("comment", SECRET, zip=True)
    Image.new("L", (4, 4)).save(path, pnginfo=info)


LEAKS = {
    "log.txt": lambda path: path.write_text(f"connecting with {SECRET}\n"),
    "header.txt": lambda path: path.write_bytes(base64.b64encode(f"{USER}:{SECRET}".encode())),
    "address.json": lambda path: path.write_text('{"url": "http://me:planted%3Apass%2F91@h"}'),
    "table.parquet": in_parquet,
    "metadata.parquet": in_metadata_of_parquet,
    "figure.png": in_png,
    "log.gz": lambda path: path.write_bytes(gzip.compress(SECRET.encode())),
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_leak_into_any_kind_of_file_is_found(name, tmp_path):
    (tmp_path / "harmless.txt").write_text("planted, but no secret")
    LEAKS[name](tmp_path / name)
    assert [path.name for path in files_with(WORDS, tmp_path)] == [name]


def test_a_leak_into_a_command_line_is_found():
    seen = CommandLines(WORDS)
    seen.look()
    assert not seen.found
    command = [sys.executable, "-c", "input()", f"--password={SECRET}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        seen.look()
        process.communicate(b"\n")
    assert len(seen.found) == 1
