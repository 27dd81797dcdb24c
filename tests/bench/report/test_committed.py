"""Drawing a committed run again changes none of its files, wherever that is done."""

from pathlib import Path

import pytest

from bench.kinds.registry import kind_of_run
from bench.runs.folder import RunFolder
from bench.verify.pages import check_pages

RESULTS = Path(__file__).parents[3] / "results"
RUNS = sorted(path.parent.name for path in RESULTS.glob("reference*/report.html"))


def test_every_committed_run_with_a_page_is_here():
    assert len(RUNS) == 27


def test_results_are_at_most_72_megabytes():
    drawn = {"figures", "gallery.html", "gallery_pictures.parquet"}  # of which git ignores most
    paths = [path for path in RESULTS.glob("reference*/**/*") if path.is_file()]
    kept = [path for path in paths if not drawn & set(path.relative_to(RESULTS).parts)]
    assert sum(path.stat().st_size for path in kept) < 72e6


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_a_committed_run_is_drawn_again_byte_for_byte(name):
    folder = RunFolder(RESULTS / name)
    check = check_pages(kind_of_run(folder), folder, folder.manifest())
    assert check.holds, check.found
    assert "other versions" not in check.found
