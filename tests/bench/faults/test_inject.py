"""A group is injected in a process of its own, and what came of it arrives."""

import subprocess
import sys

import pytest

from tests.faults import Fault, Setting
from tests.faults.groups import GROUPS
from tests.faults.inject import inject_group, read_faults, write_faults


def test_faults_arrive_as_they_were(tmp_path):
    faults = [Fault("a", "b", "c", "d | <e>", True), Fault("a", "", "", "", False)]
    write_faults(tmp_path / "faults.json", faults)
    assert read_faults(tmp_path / "faults.json") == faults


def test_an_error_of_a_group_is_a_fault_that_is_not_ok(tmp_path, monkeypatch, capsys):
    def broken(setting):
        yield Fault("broken", "one", "it", "it", True)
        raise OSError("no room")

    monkeypatch.setitem(GROUPS, "broken", broken)
    faults = list(inject_group("broken", Setting(tmp_path)))
    assert [fault.ok for fault in faults] == [True, False]
    assert "no room" in faults[1].happened
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.slow
def test_the_program_writes_the_page_and_says_by_its_exit_code(tmp_path):
    written = tmp_path / "faults.md"
    command = [sys.executable, "-m", "tests.faults", "--only", "images", "--files", "20"]
    done = subprocess.run(
        [*command, "--write", str(written)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "images: 109 files" in done.stdout + done.stderr
    rows = [line for line in written.read_text().splitlines() if line.startswith("| images")]
    assert len(rows) > 5
    assert all(row.endswith(("| yes |", "zstandard 0.25.0 |")) for row in rows)
