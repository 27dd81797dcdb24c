"""``index create``, as a user types it."""

import json

import pytest

from imgsig.cli.boundary import ExitCode


@pytest.mark.engine
def test_everything_that_an_index_is_made_with_can_be_typed(run, name, engine, tmp_path):
    fields = tmp_path / "fields.json"
    fields.write_text('{"made": {"properties": {"by": {"type": "keyword"}}}}')
    typed = ("--layout", "integer_filtered", "-k", 10, "-N", 100, "--codec", "base62")
    more = ("--strip", "border", "--pixels", "bytes", "--exif", "--shards", 2, "--replicas", 0)
    result = run("create", name, *typed, *more, "--fields", fields, "--field", "n=long", "--json")
    assert result.exit_code == ExitCode.OK, result.output
    made = json.loads(result.stdout)
    assert made["identity"] == {
        "layout": "integer_filtered",
        "words": {"N": 100, "k": 10},
        "codec": {"id": "base62", "strip": "border"},
        "signature": {"pixels": "bytes", "exif": True},
    }
    assert list(made["fields"]) == ["made", "n"]
    settings = engine.client.indices.get(index=name)[name]["settings"]["index"]
    assert (settings["number_of_shards"], settings["number_of_replicas"]) == ("2", "0")
    again = run("create", name)
    assert again.exit_code == ExitCode.FAILED
    assert f"index '{name}' exists" in again.stderr
    twice = run("create", name, "--fields", fields, "--field", "made=keyword")
    assert twice.exit_code == ExitCode.USAGE


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        (("--field", "n"), ExitCode.USAGE, "--field takes KEY=VALUE, not 'n'"),
        (("--codec", "{"), ExitCode.USAGE, "--codec is no JSON"),
        ((), ExitCode.FAILED, "http://127.0.0.1:1 cannot be reached"),
        (("--url", "127.0.0.1"), ExitCode.FAILED, "ES_URL is '127.0.0.1': give scheme"),
        (("--pixels", "none"), ExitCode.USAGE, "'none' is not one of 'uniform', 'path'"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(run, monkeypatch, typed, code, says):
    monkeypatch.setenv("ES_URL", "http://127.0.0.1:1")
    result = run("create", "photos", *typed)
    assert result.exit_code == code, result.output
    assert says in result.stderr


def test_without_a_cluster_it_is_said_how_to_name_one(run, monkeypatch):
    monkeypatch.delenv("ES_URL", raising=False)
    result = run("info", "photos")
    assert result.exit_code == ExitCode.FAILED
    assert "no cluster is named: give --url, or set ES_URL" in result.stderr
