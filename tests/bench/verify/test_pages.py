"""Each change of a page or figure is noticed and called by its name, whoever drew it."""

import shutil
from pathlib import Path

import pytest

from bench.kinds.registry import kind_of_run
from bench.kinds.run import DRAWN, drawn_files, report_again
from bench.runs.check import Check
from bench.runs.environment import ROOT
from bench.runs.folder import RunFolder, read_json, write_json
from bench.verify import pages
from bench.verify.pages import check_pages

pytestmark = pytest.mark.slow

SPEED = ROOT / "results" / "reference-speed"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory) -> Path:
    """A committed run, all of it drawn."""
    path = tmp_path_factory.mktemp("runs") / "speed"
    shutil.copytree(SPEED, path)
    report_again(RunFolder(path))
    return path


@pytest.fixture
def copied(drawn, tmp_path) -> RunFolder:
    return RunFolder(Path(shutil.copytree(drawn, tmp_path / "speed")))


@pytest.fixture
def drawn_before(drawn, monkeypatch) -> None:
    """Drawing again gives what `drawn` got: only one test here draws once more."""

    def as_before(_kind, folder, _manifest) -> None:
        for name in drawn_files(RunFolder(drawn)):
            (folder.path / name).parent.mkdir(exist_ok=True)
            shutil.copy(drawn / name, folder.path / name)

    monkeypatch.setattr(pages, "write_report", as_before)


def check(folder: RunFolder) -> Check:
    return check_pages(kind_of_run(folder), folder, folder.manifest())


def flip_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def reword(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_figures_that_are_not_there_are_no_fault(copied):
    (copied.path / "figures" / "pipeline_memory.svg").unlink()
    found = check(copied)
    assert found.holds
    assert found.found.startswith("15 files, byte for byte; 1 more are not here")


@pytest.mark.usefixtures("drawn_before")
def test_a_byte_of_a_figure_and_a_sentence_of_the_page_are_noticed(copied):
    flip_byte(copied.path / "figures" / "fast_quality.png")
    reword(copied.path / "report.html", "goals are met", "goals were met")
    found = check(copied)
    assert not found.holds
    assert "figures/fast_quality.png differs from what its tables give, first in" in found.found
    assert "report.html differs from what its tables give, first in" in found.found
    assert "goals w" in found.found


@pytest.mark.usefixtures("drawn_before")
def test_a_missing_page_and_a_figure_nobody_drew_are_noticed(copied):
    (copied.path / "report.html").unlink()
    shutil.copy(copied.path / "figures" / "fast_quality.png", copied.path / "figures" / "own.png")
    found = check(copied)
    assert "report.html is missing" in found.found
    assert "figures/own.png is no page or figure of this run" in found.found


@pytest.mark.usefixtures("drawn_before")
def test_what_other_versions_drew_must_be_as_it_was_written_and_whole(copied):
    record = read_json(copied.path / DRAWN)
    record["packages"]["matplotlib"] = "3.0"
    figures = copied.path / "figures"
    shutil.copy(figures / "speed_ratios.png", figures / "fast_quality.png")
    flip_byte(figures / "fast_quality.svg")
    write_json(copied.path / DRAWN, record)
    found = check(copied)
    assert "figures/fast_quality.svg has another SHA-256 than in drawn.json" in found.found
    assert "figures/fast_quality.png has another SHA-256 than in drawn.json" in found.found
    assert "pixels, not" in found.found


@pytest.mark.usefixtures("drawn_before")
def test_the_versions_that_drew_are_said(copied):
    record = read_json(copied.path / DRAWN)
    record["packages"]["matplotlib"] = "3.0"
    reword(copied.path / "figures" / "fast_quality.svg", "</svg>", "</svg>\n")
    del record["files"]["figures/fast_quality.svg"]
    write_json(copied.path / DRAWN, record)
    found = check(copied)
    assert found.holds, found.found
    assert "1 by other versions of matplotlib (3.0 then, " in found.found
