"""What was recorded of image-match, and its pictures as files."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tools.drop_in import RECORDED, pictures


@pytest.fixture
def recorded():
    """Parts of `tools.drop_in.scenario`, with what image-match sent and returned."""
    return json.loads(RECORDED.read_text(encoding="utf-8"))


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """The working folder, with the pictures that were recorded."""
    for name, data in pictures().items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def arguments(here):
    """A function from recorded arguments to those of a call."""

    def given(call):
        return {
            name: (here / value["file"]).read_bytes()
            if isinstance(value, dict) and set(value) == {"file"}
            else value
            for name, value in call["arguments"].items()
        }

    return given


@pytest.fixture
def index_name(engine) -> Iterator[str]:
    """A name for an index, which is deleted after the test."""
    name = f"compat-{uuid4().hex}"
    yield name
    engine.client.indices.delete(index=name, ignore_unavailable=True)
