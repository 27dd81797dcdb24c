"""``index search``, ``document`` and ``query``, as a user types them."""

import json

import pytest

from imgsig import generate_signature
from imgsig.cli.boundary import ExitCode
from imgsig.cli.index.session import connected
from imgsig.index import ImageIndex


@pytest.mark.engine
def test_document_and_query_are_those_of_the_index(run, name, golden_paths):
    run("create", name, "--field", "n=integer", "--layout", "tagged_integer")
    path = golden_paths[0]
    with connected(None) as client:
        index = ImageIndex.open(client, name)
        signature = generate_signature(path)
        document = index.document(signature, path=str(path), metadata={"n": 3})
        query = index.query(signature, size=5, min_score=7, filter={"term": {"n": "3"}})
    shown = run("document", name, path, "--metadata", "n=3")
    assert json.loads(shown.stdout) == json.loads(json.dumps(document))
    shown = run("query", name, path, "--size", 5, "--min-score", 7, "--filter", "n=3")
    assert json.loads(shown.stdout) == json.loads(json.dumps(query))
    nothing = run("search", name, path)
    assert (nothing.exit_code, nothing.stdout) == (ExitCode.OK, "")
    assert f"{name} has no match of" in nothing.stderr
    for typed, says in (
        (("--filter", "made=x"), "the filter is on 'made', which index"),
        (("--max-distance", 2), "max_distance must be from 0 to 1"),
        (("--orientations", "upside"), "orientations must be 'all' or some of"),
    ):
        refused = run("search", name, path, *typed)
        assert refused.exit_code == ExitCode.FAILED
        assert says in refused.stderr


@pytest.mark.parametrize("limit", ["--min-margin", "--min-score", "--max-distance"])
def test_a_precision_chooses_the_cutoff_alone(run, golden_paths, limit):
    refused = run("search", "photos", golden_paths[0], "--precision", 0.9, limit, 1)
    assert refused.exit_code == ExitCode.USAGE
    assert f"give it or {limit}, not both" in refused.stderr


@pytest.mark.engine
def test_an_index_of_something_else_is_refused(run, name, golden_paths, engine):
    engine.client.indices.create(index=name)
    for command in (("search", name, golden_paths[0]), ("info", name), ("delete", name, "1")):
        result = run(*command)
        assert result.exit_code == ExitCode.FAILED
        assert "does not say what it was made with" in result.stderr


def test_a_filter_that_is_none_is_a_question_of_usage(run, monkeypatch):
    monkeypatch.setenv("ES_URL", "http://127.0.0.1:1")
    assert run("delete", "photos").exit_code == ExitCode.USAGE
    assert run("search", "photos").exit_code == ExitCode.USAGE
    wrong = run("search", "photos", "a.jpg", "--filter", "{")
    assert wrong.exit_code == ExitCode.USAGE
    assert "--filter is no JSON" in wrong.stderr
