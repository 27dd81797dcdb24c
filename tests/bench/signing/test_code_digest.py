"""What computes a signature has one digest."""

import shutil
from pathlib import Path

import pytest

from bench.runs.environment import ROOT
from bench.signing import code_digest as module
from bench.signing.code_digest import SOURCES, signing_code


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the sources, and a function that gives their digest."""
    for pattern in SOURCES:
        for file in ROOT.glob(pattern):
            there = tmp_path / file.relative_to(ROOT)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, there)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return tmp_path, signing_code.__wrapped__


def test_it_says_what_the_sources_are_and_not_where(copied):
    _, digest = copied
    assert digest() == signing_code()
    assert len(digest()) == 64


@pytest.mark.parametrize(
    "file", ["imgsig/differences.py", "datasets/transforms/files.py", "datasets/collection.py"]
)
def test_another_source_is_another_digest(copied, file):
    folder, digest = copied
    before = digest()
    with (folder / file).open("a", encoding="utf-8") as source:
        source.write("# changed\n")
    assert digest() != before


@pytest.mark.parametrize("later", ["cli", "layouts"])
def test_what_comes_after_signing_decides_nothing(copied, later):
    folder, digest = copied
    before = digest()
    (folder / "imgsig" / later).mkdir(exist_ok=True)
    Path(folder / "imgsig" / later / "new.py").write_text("NEW = 1\n")
    assert digest() == before


def test_another_library_is_another_digest(copied, monkeypatch):
    _, digest = copied
    before = digest()
    monkeypatch.setattr(module, "version", lambda package: f"{package} 0")
    assert digest() != before
