"""The page of a sweep, drawn from the committed one."""

import io
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from bench.kinds.run import DRAWN
from bench.kinds.sweep.figures import FIGURES
from bench.kinds.sweep.kind import SweepKind
from bench.kinds.sweep.page import sweep_listings, sweep_verdict
from bench.runs.folder import RunFolder, read_json

REFERENCE = Path(__file__).parents[4] / "results" / "reference-sweep"


@pytest.fixture
def sweep(tmp_path) -> RunFolder:
    """As it is: that the code draws it so is tested in `tests.bench.report.test_committed`."""
    shutil.copytree(REFERENCE, tmp_path / "sweep", ignore=shutil.ignore_patterns("figures"))
    return RunFolder(tmp_path / "sweep")


def test_the_verdict_quotes_the_tables(sweep):
    sentences = sweep_verdict(sweep, sweep.manifest())
    table = sweep.table("sweep")
    uap = table[(table["measure"] == "uAP") & (table["ranking"] == "score")].set_index("variant")
    best = uap["value"].idxmax()
    assert f"{uap.loc['63x16', 'value']:.3f}" in sentences[0]
    assert f"{best}, have {uap.loc[best, 'value']:.3f}" in sentences[0]
    smaller = uap[
        (uap["difference_low"] >= 0)
        & (uap["bytes_per_document"] < uap.loc["63x16", "bytes_per_document"])
    ]
    assert smaller["bytes_per_document"].idxmin() in sentences[0]
    assert f"{sweep.manifest()['verified_hits']:,} hits" in sentences[-1]


def test_intervals_are_said_to_be_of_the_runs_confidence(saying):
    for share, said in ((0.95, "95 %"), (0.8, "80 %")):
        run = saying("reference-sweep", evaluation={"confidence": share})
        assert f"with a {said} prediction interval." in sweep_listings(run)[0].note


def test_page_and_figures_are_written_and_the_verdict_printed(sweep):
    console = Console(file=io.StringIO(), width=2000)
    SweepKind().show(sweep, sweep.manifest(), console)
    page = (sweep.path / "report.html").read_text(encoding="utf-8")
    assert page.count("<img ") == len(FIGURES)
    assert "What does each byte buy?" in page
    assert "Does it pay to choose positions?" in page
    for sentence in sweep_verdict(sweep, sweep.manifest()):
        assert sentence in console.file.getvalue()
    assert "figures/pareto.csv" in read_json(sweep.path / DRAWN)["files"]
