"""What the commands of an index share."""

import pytest
from click.shell_completion import BashComplete

from imgsig.cli import cli


def offered(*typed: str) -> list[str]:
    complete = BashComplete(cli, {}, "imgsig", "_UNUSED")
    return [item.value for item in complete.get_completions(list(typed[:-1]), typed[-1])]


@pytest.mark.engine
def test_names_of_indices_are_completed(engine, name):
    engine.client.indices.create(index=name, aliases={f"{name}-alias": {}})
    assert offered("index", "info", name) == [name, f"{name}-alias"]
    assert offered("index", "search", "--url", "http://127.0.0.1:1", name) == []


def test_nothing_is_completed_without_a_cluster(monkeypatch):
    monkeypatch.delenv("ES_URL", raising=False)
    assert offered("index", "info", "") == []
    assert "tagged_column" in offered("index", "create", "x", "--layout", "tagged_c")
