"""Runs of others are on the page of results, and what is no run does not stop the site."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[3]


@pytest.fixture
def runs(monkeypatch):
    """The module that makes the page."""
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    from guide import runs

    yield runs
    for name in [name for name in sys.modules if name.split(".")[0] == "guide"]:
        del sys.modules[name]


@pytest.fixture
def results(tmp_path):
    """A folder of runs, with one of somebody else's."""
    theirs = tmp_path / "results" / "cluster 1" / "theirs"
    shutil.copytree(ROOT / "results" / "reference-speed", theirs)
    said = json.loads((theirs / "manifest.json").read_text())
    said |= {"title": "[Ours](gone.md) | <b>bold</b> `x`"}
    (theirs / "manifest.json").write_text(json.dumps(said))
    (theirs / "gallery.html").write_text("photographs")
    return tmp_path / "results"


def test_a_run_that_was_dropped_in_is_shown_with_its_pages(runs, results, tmp_path):
    found = runs.shown_runs(results)
    page = runs.results_page(found)
    runs.copy_pages(found, tmp_path / "site")
    copied = [path for path in (tmp_path / "site").rglob("*") if path.is_file()]
    assert copied == [tmp_path / "site" / "results" / "cluster 1" / "theirs" / "report.html"]
    # A page of a run leads back to the site; the one that lies with the run leads nowhere.
    assert '<body>\n<p><a href="../../../results.html">All results</a></p>' in copied[0].read_text()
    assert "results.html" not in (ROOT / "results/reference-speed/report.html").read_text()
    html = MarkdownIt("commonmark").enable("table").render(page)
    link = 'href="results/cluster%201/theirs/report.html">'
    assert f"{link}[Ours](gone.md) | &lt;b&gt;bold&lt;/b&gt; `x`</a></td>" in html
    assert "<td>Elasticsearch 9.2.4</td>" in html
    assert "1,129 of 1,129 signatures equal image-match's bit for bit." in html


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        ("{", "is not JSON"),
        ("[]", "holds list"),
        ('{"format": 1}', "does not say name"),
        ('{"format": 99}', "has format 99"),
        (None, "kind must be one of"),
        ("{}", "has format None"),
    ],
)
def test_what_is_no_run_is_told_and_left_out(runs, results, capsys, manifest, told):
    broken = results / "broken"
    broken.mkdir()
    if manifest is None:
        said = json.loads((ROOT / "results" / "reference" / "manifest.json").read_text())
        manifest = json.dumps(said | {"kind": "of another version"})
    (broken / "manifest.json").write_text(manifest)
    assert [run.place for run in runs.shown_runs(results)] == ["cluster 1/theirs"]
    error = capsys.readouterr().err
    assert "results/broken is left out" in error
    assert told in error


def test_a_run_without_its_tables_or_pages_does_not_stop_the_others(runs, results, capsys):
    kept = results / "no-pages"
    shutil.copytree(ROOT / "results" / "reference-speed", kept)
    (kept / "report.html").unlink()
    (kept / "report.html").symlink_to(ROOT / "README.md")
    damaged = results / "no-tables"
    damaged.mkdir()
    shutil.copy(ROOT / "results" / "reference" / "manifest.json", damaged)
    found = runs.shown_runs(results)
    assert [run.place for run in found] == ["cluster 1/theirs", "no-pages"]
    assert "It has no pages" in found[1].section
    assert "results/no-tables is left out" in capsys.readouterr().err
