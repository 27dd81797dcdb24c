"""``engine``, as a user types it."""

import json
import subprocess

import pytest
from click.testing import CliRunner

from bench.cli import cli
from bench.engine import EngineState


def run(*arguments: object):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.mark.engine
def test_engine_status_lists_only_what_runs(engine):
    result = run("engine", "status", "--json")
    assert result.exit_code == 0
    assert engine.url in [state["url"] for state in json.loads(result.stdout)]


def test_what_a_shell_sets_shows_no_password(monkeypatch, tmp_path):
    file = tmp_path / "of mine" / "password"
    file.parent.mkdir()
    file.write_text("planted-5a1e\n")
    state = EngineState(
        *("folder", "http://127.0.0.1:9", "9.2.4", "10.2", "1g", 1, 0.0, 1, 0.0, ""),
        password_file=str(file),
    )
    monkeypatch.setattr("bench.engine.start_engine", lambda *_, **__: state)
    printed = run("engine", "start", "--export", "--folder", tmp_path)
    assert printed.exit_code == 0, printed.output
    assert "planted" not in printed.output
    script = f"{printed.stdout}echo $ES_URL $ES_USER $ES_PASSWORD"
    shown = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout == "http://127.0.0.1:9 imgsig-bench planted-5a1e\n"
