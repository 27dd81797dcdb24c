"""The page of a scale run, drawn from the committed one."""

import io
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from bench.kinds.scale.kind import ScaleKind
from bench.kinds.scale.page import held_out_sentences, scale_verdict
from bench.report.rounding import rounded, sized
from bench.runs.folder import RunFolder

REFERENCE = Path(__file__).parents[4] / "results" / "reference-scale"


@pytest.fixture
def scale(tmp_path) -> RunFolder:
    """As it is: that the code draws it so is tested in `tests.bench.report.test_committed`."""
    shutil.copytree(REFERENCE, tmp_path / "scale", ignore=shutil.ignore_patterns("figures"))
    return RunFolder(tmp_path / "scale")


def test_the_verdict_quotes_the_tables(scale):
    sentences = scale_verdict(scale)
    projections = scale.table("projections")
    largest = projections[projections["documents"] == projections["documents"].max()]
    assert len(sentences) == len(largest) + 1
    for sentence, row in zip(sentences, largest.to_dict("records"), strict=False):
        assert f"{row['variant']} takes {sized(row['primary_bytes'])} of primaries" in sentence


def test_the_fits_used_and_all_that_were_tried_are_told_apart(scale):
    (sentence,) = held_out_sentences(scale)
    assert sentence == scale_verdict(scale)[-1]
    fits = scale.table("fits")
    used = fits[fits["model"] == "full"]
    for chosen in (used, fits):
        missed = rounded(100 * chosen["error"].abs().max(), ".1f")
        assert f"{missed} % ({int(chosen['inside'].sum())} of {len(chosen)} inside" in sentence
    assert "0.9 % (5 of 5 inside" in sentence


def test_fits_of_too_few_sizes_are_said_to_be_untested():
    run = RunFolder(REFERENCE.with_name("reference-scale-1m"))
    (sentence,) = held_out_sentences(run)
    fits = run.table("fits").dropna(subset=["error"])
    assert set(fits["model"]) == {"line"}  # of five sizes, one of them held out
    worst = rounded(100 * fits["error"].abs().max(), ".1f")
    assert "were not tested; of simpler ones the worst missed it by " + worst in sentence


def test_page_and_figures_are_written_and_the_verdict_printed(scale):
    console = Console(file=io.StringIO(), width=2000)
    ScaleKind().show(scale, scale.manifest(), console)
    page = (scale.path / "report.html").read_text(encoding="utf-8")
    assert page.count("<img ") >= 2
    for heading in ("Figures users report", "Fits", "What was measured"):
        assert heading in page
    for sentence in scale_verdict(scale):
        assert sentence in console.file.getvalue()
