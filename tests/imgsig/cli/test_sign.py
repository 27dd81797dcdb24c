"""``sign``, as a user types it."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from imgsig.cli import cli
from imgsig.cli.exit_codes import ExitCode


def run(*arguments: object):
    return CliRunner().invoke(cli, ["sign", *(str(argument) for argument in arguments)])


@pytest.fixture
def folder(tmp_path, golden_paths):
    """Two pictures of the golden ones, and a damaged file between them by name."""
    pictures = tmp_path / "pictures"
    (pictures / "c").mkdir(parents=True)
    shutil.copy(golden_paths[0], pictures / f"a{golden_paths[0].suffix}")
    shutil.copy(golden_paths[1], pictures / "c" / f"c{golden_paths[1].suffix}")
    (pictures / "b.jpg").write_bytes(b"not a picture")
    return pictures


def test_a_record_a_file_and_the_damaged_one_is_counted(folder, golden):
    result = run(folder, "--workers", 1, "--quiet")
    assert result.exit_code == ExitCode.FAILED
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["outcome"] for row in rows] == ["ok", "corrupt", "ok"]
    assert rows[0]["signature"] == golden["signatures"][0].tolist()
    assert rows[2]["signature"] == golden["signatures"][1].tolist()
    assert len(result.stderr.splitlines()) == 2
    assert "b.jpg: corrupt" in result.stderr
    assert "1 of 3 have no signature: 1 corrupt" in result.stderr


def test_files_are_whole_and_hold_the_same(folder, golden, tmp_path):
    lines, table = tmp_path / "s.jsonl", tmp_path / "s.parquet"
    assert run(folder, "--workers", 1, "--jsonl", lines).stdout == ""
    run(folder, "--workers", 1, "--parquet", table)
    rows = [json.loads(line) for line in lines.read_text().splitlines()]
    read = pq.read_table(table).to_pylist()
    assert [row["signature"] for row in read] == [row["signature"] for row in rows]
    np.testing.assert_array_equal(read[0]["signature"], golden["signatures"][0])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pictures", "s.jsonl", "s.parquet"]


def test_exit_code_0_where_all_have_one_and_2_where_the_question_is_wrong(folder, tmp_path):
    (folder / "b.jpg").unlink()
    assert run(folder, "--workers", 1).exit_code == ExitCode.OK
    both = run(folder, "--jsonl", tmp_path / "x", "--parquet", tmp_path / "y")
    assert both.exit_code == ExitCode.USAGE


@pytest.mark.parametrize("option", ["--jsonl", "--parquet"])
def test_all_records_are_on_the_disk_before_the_file_has_its_name(
    folder, tmp_path, monkeypatch, option
):
    done = []
    sync, replace = os.fsync, os.replace

    def synced(descriptor):
        sync(descriptor)
        done.append(("synced", os.fstat(descriptor).st_size))

    def replaced(source, target):
        done.append(("renamed", Path(source).stat().st_size))
        replace(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    path = tmp_path / "records"
    run(folder / "c", "--workers", 1, option, path)
    size = path.stat().st_size
    assert size > 0
    assert done == [("synced", size), ("renamed", size)]
