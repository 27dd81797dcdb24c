"""``datasets``, as a user types it."""

import json

import pytest
from click.testing import CliRunner

from bench.cli import cli


def run(*arguments: object):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.mark.photos
def test_datasets_counts_the_collection():
    facts = json.loads(run("datasets", "photos", "--json").stdout)
    assert facts["photographs"] == 155
    assert run("datasets", "folder:/no/such/place").exit_code == 1
