"""What a run records of where it ran."""

import getpass
import json
import socket
from pathlib import Path

from bench.runs import environment


def test_machine_is_json_and_names_neither_user_nor_host():
    machine = environment.describe_machine()
    text = json.dumps(machine)
    assert machine["cores"] >= 1
    assert machine["memory_bytes"] > 1e8
    assert machine["packages"]["numpy"].count(".") == 2
    assert socket.gethostname() not in text
    assert str(Path.home()) not in text
    assert getpass.getuser() not in machine


def test_digest_follows_the_sources(tmp_path, monkeypatch):
    for package in ("imgsig", "datasets", "bench"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "a.py").write_text("x = 1\n")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    before = environment.source_digest()
    (tmp_path / "bench" / "__pycache__").mkdir()
    (tmp_path / "bench" / "__pycache__" / "a.pyc").write_bytes(b"compiled")
    for beside in ("tools", "tests"):  # neither measures
        (tmp_path / beside).mkdir()
        (tmp_path / beside / "a.py").write_text("x = 1\n")
    for room in environment.NOT_MEASURING:
        (tmp_path / room).mkdir(parents=True, exist_ok=True)
        (tmp_path / room / "a.py").write_text("x = 1\n")
    assert environment.source_digest() == before
    (tmp_path / "bench" / "a.py").write_text("x = 2\n")
    assert environment.source_digest() != before


def test_rooms_that_measure_nothing_exist():
    for room in environment.NOT_MEASURING:
        assert (environment.ROOT / room).is_dir(), room


def test_outside_a_checkout_there_is_no_commit(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    code = environment.describe_code()
    assert code["commit"] is None
    assert code["dirty"] is None
