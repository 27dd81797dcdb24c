"""Example pairs as a page shows them."""

import shutil

import pytest

from bench.kinds.run import report_again
from bench.report.gallery import PICTURES
from bench.report.gallery_page import gallery_groups, has_photographs, largest_score
from bench.runs.folder import RunFolder

pytestmark = pytest.mark.engine


def test_groups_tell_what_the_table_holds(finished):
    folder = finished.folder
    table = folder.table("gallery")
    groups = gallery_groups(folder, folder.manifest())
    cases = [case for group in groups for case in group["cases"]]
    assert len(cases) == (table["side"] == "about").sum()
    assert sum(len(case["sides"]) for case in cases) == len(table)
    assert cases[0]["sides"][0]["score"] == table["score"].iloc[0]
    assert largest_score(folder) == 63


def drawn_before(folder: RunFolder, drawings) -> dict[str, bytes]:
    return {name: (folder.path / "figures" / f"{name}.svg").read_bytes() for name in drawings}


def test_a_run_without_photographs_or_without_a_gallery_is_drawn_all_the_same(
    finished, tmp_path, monkeypatch
):
    monkeypatch.setattr("bench.kinds.run.write_figures", drawn_before)
    shutil.copytree(finished.folder.path, tmp_path / "run")
    folder = RunFolder(tmp_path / "run")
    (folder.path / PICTURES).unlink()
    (folder.path / "gallery.html").unlink()
    assert not has_photographs(folder)
    report_again(folder)
    text = (folder.path / "report.html").read_text(encoding="utf-8")
    # The same page as where the photographs are, and no link to what need not be there.
    assert text == (finished.folder.path / "report.html").read_text(encoding="utf-8")
    assert 'href="gallery.html"' not in text
    assert "Signature of query" in text
    (folder.path / "gallery.parquet").unlink()
    assert gallery_groups(folder, folder.manifest()) == []
