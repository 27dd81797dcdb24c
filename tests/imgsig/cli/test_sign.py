"""``sign``, as a user types it."""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from PIL import Image

from imgsig import sign_many
from imgsig.cli import cli
from imgsig.cli.boundary import ExitCode
from imgsig.file_names import named_file


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
    assert [row["outcome"] for row in rows] == ["ok", "not a picture", "ok"]
    assert rows[0]["signature"] == golden["signatures"][0].tolist()
    assert rows[2]["signature"] == golden["signatures"][1].tolist()
    assert len(result.stderr.splitlines()) == 2
    assert "b.jpg: not a picture" in result.stderr
    assert "1 of 3 have no signature: 1 not a picture" in result.stderr


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


@pytest.mark.slow
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


NAMES = (
    b"caf\xe9.jpg",
    b"caf\\xe9.jpg",
    b"two\nlines.jpg",
    "\u202egpj.jpg".encode(),
    b"x" * 255,
    b"-dash.jpg",
    b"[red]x.jpg",
    b"\x1b[31mred.jpg",
    b"\xff\xfe",
    b"\xed\xb3\xa9",  # a surrogate, as if it were UTF-8
)


@pytest.fixture
def odd_names(tmp_path, golden_paths):
    """A folder of pictures with every kind of name."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for name in NAMES:
        shutil.copy(golden_paths[0], os.fsdecode(os.fsencode(pictures) + b"/" + name))
    return pictures


def command(*arguments: object) -> list[str]:
    """What runs the command in a process of its own."""
    return [sys.executable, "-m", "imgsig.cli", "sign", *map(str, arguments)]


@pytest.mark.slow
def test_names_of_every_kind_are_written_and_found_again(odd_names, tmp_path):
    lines, table = tmp_path / "s.jsonl", tmp_path / "s.parquet"
    strict = {**os.environ, "PYTHONIOENCODING": "ascii:strict"}
    printed = subprocess.run(
        command(odd_names, "--quiet"), env=strict, capture_output=True, check=True
    ).stdout
    assert run(odd_names, "--jsonl", lines).exit_code == ExitCode.OK
    assert run(odd_names, "--parquet", table).exit_code == ExitCode.OK
    assert lines.read_bytes() == printed
    rows = [json.loads(line) for line in printed.decode().splitlines()]
    assert [row["path"] for row in pq.read_table(table).to_pylist()] == [r["path"] for r in rows]
    found = {os.fsencode(Path(named_file(row["path"])).name) for row in rows}
    assert found == set(NAMES)
    assert all(Path(named_file(row["path"])).is_file() for row in rows)


def test_a_hostile_name_is_said_on_one_line(tmp_path):
    bad = tmp_path / "two\nlines\x1b[31m\u202e.jpg"
    bad.write_bytes(b"no picture")
    said = run(bad, "--quiet").stderr.splitlines()
    assert len(said) == 2
    assert said[0].startswith(f"imgsig: {tmp_path}/two\\nlines\\x1b[31m\\u202e.jpg: not a picture")


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Forty pictures that take a moment each."""
    folder = tmp_path_factory.mktemp("many")
    rng = np.random.default_rng(5)
    for number in range(40):
        coarse = Image.fromarray(rng.integers(0, 256, (12, 16, 3), dtype=np.uint8))
        large = coarse.resize((1600, 1200), Image.Resampling.BICUBIC)
        large.save(folder / f"{number:02}.{'png' if number % 2 else 'jpg'}")
    (folder / "20 no picture.txt").write_text("no picture")
    return folder


@pytest.fixture(scope="module", params=["--jsonl", "--parquet"])
def uninterrupted(request, many, tmp_path_factory):
    """Option, and the bytes that it ends in."""
    path = tmp_path_factory.mktemp("whole") / "records"
    assert run(many, request.param, path).exit_code == ExitCode.FAILED
    return request.param, path.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGKILL])
def test_what_was_signed_is_not_signed_again(many, uninterrupted, tmp_path, by):
    option, whole = uninterrupted
    out, kept = tmp_path / "records", tmp_path / ".records.signed"
    started = subprocess.Popen(
        command(many, option, out, "--workers", 1),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while entries(kept) < 5:
        assert started.poll() is None
        time.sleep(0.05)
    os.killpg(started.pid, by)
    _, said = started.communicate(timeout=20)
    if by == signal.SIGINT:
        assert started.returncode == ExitCode.INTERRUPTED
        assert f"what was signed is in {kept}: the same command resumes from there" in said
        assert "Traceback" not in said
    assert not out.exists()
    known = entries(kept)
    assert 5 <= known < 40
    shutil.copytree(tmp_path, tmp_path.with_name("copy"), dirs_exist_ok=True)
    again = list(sign_many(sorted(many.iterdir()), cache=tmp_path.with_name("copy") / kept.name))
    assert sum(record.from_cache for record in again) == known
    assert run(many, option, out).exit_code == ExitCode.FAILED
    assert out.read_bytes() == whole
    assert list(tmp_path.iterdir()) == [out]


def entries(kept: Path) -> int:
    """Signatures in a cache; none while it is being made."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{kept}?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM signature").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def test_a_cache_that_is_named_stays(folder, tmp_path):
    cache = tmp_path / "cache"
    first = run(folder, "--cache", cache)
    assert entries(cache) == 2
    assert run(folder, "--cache", cache).stdout == first.stdout
    assert entries(cache) == 2


def test_what_it_writes_is_not_signed(folder):
    own = ("--jsonl", folder / "s.jsonl", "--cache", folder / "cache")
    for _ in range(2):
        run(folder, *own)
        assert len((folder / "s.jsonl").read_text().splitlines()) == 3


def test_how_many_there_are_is_known(folder):
    assert "3/3" in run(folder).stderr


def test_nothing_to_sign_is_an_error(tmp_path):
    (tmp_path / "empty").mkdir()
    result = run(tmp_path / "empty", "--jsonl", tmp_path / "s.jsonl", "--quiet")
    assert result.exit_code == ExitCode.FAILED
    assert result.stderr == f"imgsig: no files in {tmp_path}/empty: nothing was signed\n"
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


@pytest.mark.slow
def test_a_folder_that_is_too_deep_to_enter_is_told(folder):
    deep = [folder]
    try:
        for _ in range(20):
            os.chdir(deep[-1])
            deep.append(Path("d" * 250))
            deep[-1].mkdir()
        os.chdir("/")
        rows = [json.loads(line) for line in run(folder, "--quiet").stdout.splitlines()]
        assert [row["outcome"] for row in rows].count("unreadable") == 1
    finally:
        os.chdir(Path(__file__).parent)
        shutil.rmtree(folder)


def test_a_folder_that_is_not_there_is_named(folder, tmp_path):
    result = run(folder, "--jsonl", tmp_path / "none" / "s.jsonl", "--quiet")
    assert result.exit_code == ExitCode.FAILED
    assert result.stderr == (
        f"imgsig: there is no folder {tmp_path}/none to write s.jsonl into; create it\n"
    )


def test_a_reader_that_has_seen_enough_ends_it_quietly(many):
    started = subprocess.Popen(
        command(many, "--quiet"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert started.stdout is not None
    assert started.stderr is not None
    with started.stdout, started.stderr:
        started.stdout.readline()
        started.stdout.close()
        said = started.stderr.read().decode()
        assert started.wait(timeout=20) == 1
    assert [line for line in said.splitlines() if "no picture.txt" not in line] == []


def test_a_name_that_is_too_long_for_a_file_stops_no_other(golden_paths):
    ended = run(golden_paths[0], "x" * 300, golden_paths[1])
    records = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [one["outcome"] for one in records] == ["ok", "unreadable", "ok"]
    assert ended.exit_code == ExitCode.FAILED
