"""The report of an experiment: complete, self-contained and safe."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

from bench.report.drawing import style
from bench.report.experiment_pages import FIGURES, render_report
from bench.report.summary import summarize

pytestmark = pytest.mark.engine


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.images: list[dict[str, str | None]] = []
        self.open: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.images.append(dict(attrs))
        if tag == "script":
            self.scripts += 1
        if tag not in ("meta", "img", "br", "link", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def parse(text: str) -> Page:
    page = Page()
    page.feed(text)
    return page


def test_page_is_well_formed_and_needs_no_network(finished):
    text = (finished.folder.path / "report.html").read_text(encoding="utf-8")
    page = parse(text)
    assert not page.open
    for image in page.images:
        assert image["src"].startswith("data:image/")
    assert sum(len(image["alt"]) > 40 for image in page.images) >= 3
    links = re.findall(r'(?:src|href)="(?!data:)([^"]*)', text)
    assert links == ["score-or-distance.html", "where-do-the-bytes-go.html"]
    assert "905,047" in text
    assert "60 documents" in text


def test_names_from_outside_are_escaped(finished):
    hostile = '<script>alert("x")</script>'
    folder, rows = finished.folder, summarize(finished.folder)
    manifest = finished.folder.manifest()
    manifest["title"] = manifest["config_text"] = hostile
    manifest["dataset"]["collection"] = f"folder:{hostile}"
    rows = [replace(row, variant=hostile, codec=hostile) for row in rows]
    text = render_report(folder, manifest, rows, [hostile], {}, {hostile: hostile})
    assert parse(text).scripts == 1  # that of the tables
    assert "&lt;script&gt;" in text


def test_the_page_holds_no_photograph_and_says_how_to_get_its_figures_again(finished):
    text = (finished.folder.path / "report.html").read_text(encoding="utf-8")
    assert "data:image/webp" not in text
    assert "data:image/webp" in (finished.folder.path / "gallery.html").read_text(encoding="utf-8")
    assert "make bench CONFIG=" in text
    assert finished.config.read_text(encoding="utf-8").splitlines()[2] in text


@pytest.mark.parametrize("name", FIGURES)
def test_data_beside_a_figure_is_what_is_drawn(finished, name):
    with style():
        figure, data = FIGURES[name][0](finished.folder)
    stored = pd.read_csv(finished.folder.path / "figures" / f"{name}.csv")
    assert len(stored) == len(data) > 0
    axes = [axes for axes in figure.axes if axes.get_visible()]
    assert axes
    assert all(a.get_xlabel() or a.get_title() for a in axes)
