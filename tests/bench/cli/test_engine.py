"""``engine``, as a user types it."""

import json

import pytest
from click.testing import CliRunner

from bench.cli import cli


def run(*arguments: object):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.mark.engine
def test_engine_status_lists_only_what_runs(engine):
    result = run("engine", "status", "--json")
    assert result.exit_code == 0
    assert engine.url in [state["url"] for state in json.loads(result.stdout)]
