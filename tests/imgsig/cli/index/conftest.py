"""``imgsig index`` on the tests' engine, with names of indices that no other test uses."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from imgsig.cli import cli
from tests.shared import WORKER, reached_at

_NUMBERS = count()


@pytest.fixture
def run() -> Callable[..., Result]:
    """Type a command of an index."""
    return lambda *typed: CliRunner().invoke(cli, ["index", *map(str, typed)])


@pytest.fixture
def at_engine(engine, monkeypatch) -> None:
    """The environment names the tests' engine, and lets in."""
    for key, value in reached_at(engine.url, engine).items():
        monkeypatch.setenv(key, value)


@pytest.fixture
def name(engine, at_engine) -> Iterator[str]:
    """The name of an index that is deleted afterwards."""
    name = f"typed{WORKER}-{next(_NUMBERS)}"
    yield name
    engine.client.indices.delete(index=name, ignore_unavailable=True)


@pytest.fixture
def folder(tmp_path, golden_paths) -> Path:
    """Two pictures, and a damaged file between them by name."""
    folder = tmp_path / "pictures"
    (folder / "c").mkdir(parents=True)
    for path, copy in zip(golden_paths[:2], ("a.png", "c/c.png"), strict=True):
        with Image.open(path) as picture:
            picture.convert("RGB").resize((96, 96)).save(folder / copy)
    (folder / "b.jpg").write_bytes(b"not a picture")
    return folder
