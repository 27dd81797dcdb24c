"""The page of a scale run, drawn from the committed one."""

import io
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from bench.report.scale_page import scale_verdict, write_scale_report
from bench.run_folder import RunFolder

REFERENCE = Path(__file__).parents[3] / "results" / "reference-scale"


@pytest.fixture
def scale(tmp_path) -> RunFolder:
    shutil.copytree(REFERENCE, tmp_path / "scale", ignore=shutil.ignore_patterns("figures"))
    return RunFolder(tmp_path / "scale")


def test_the_verdict_quotes_the_tables(scale):
    sentences = scale_verdict(scale)
    projections = scale.table("projections")
    largest = projections[projections["documents"] == projections["documents"].max()]
    assert len(sentences) == len(largest) + 1
    for sentence, row in zip(sentences, largest.to_dict("records"), strict=False):
        assert f"{row['variant']} takes {row['primary_bytes'] / 1e9:,.0f} GB" in sentence
    fits = scale.table("fits").dropna(subset=["error"])
    assert f"{int(fits['inside'].sum())} of {len(fits)} fits" in sentences[-1]


def test_page_and_figures_are_written_and_the_verdict_printed(scale):
    console = Console(file=io.StringIO(), width=2000)
    write_scale_report(scale, scale.manifest(), console)
    page = (scale.path / "report.html").read_text(encoding="utf-8")
    assert page.count("<img ") >= 2
    for heading in ("Figures users report", "Fits", "What was measured"):
        assert heading in page
    for sentence in scale_verdict(scale):
        assert sentence in console.file.getvalue()
