"""Links lead somewhere: in the repository as it stands, and in the site that is built of it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
_HTML_LINK = re.compile(r'(?:src|href)="(?!data:|#|https?:|mailto:)([^"]*)"')


def committed() -> set[str]:
    """Paths that git keeps, new ones included; all there are where this is no checkout."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    paths = [ROOT / name for name in names if name] or list(ROOT.rglob("*"))
    return {str(path.relative_to(ROOT)) for path in paths if path.is_file()}


FILES = committed()
FOLDERS = {str(parent) for file in FILES for parent in Path(file).parents}
MARKDOWN = sorted(file for file in FILES if file.endswith(".md"))
PAGES = sorted(file for file in FILES if file.startswith("results/") and file.endswith(".html"))
NOTEBOOKS = sorted(file for file in FILES if file.endswith(".ipynb"))


def links_in(text: str) -> Iterator[str]:
    """Targets of links and pictures in Markdown."""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        for inner in token.children or ():
            target = inner.attrGet("href") or inner.attrGet("src")
            if target and not re.match(r"[a-z]+:", str(target)):
                yield unquote(str(target))


def anchors_in(text: str) -> set[str]:
    """Anchors of the headings, as GitHub and the guide make them."""
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-") for name in headings}


def dead_links(file: str, targets: Iterator[str]) -> list[str]:
    dead = []
    for target in targets:
        path, _, anchor = target.partition("#")
        there = (ROOT / file).parent / path if path else ROOT / file
        name = str(there.resolve().relative_to(ROOT))
        gone = name not in FILES and name not in FOLDERS
        if gone or (anchor and anchor not in anchors_in(there.read_text(encoding="utf-8"))):
            dead.append(target)
    return dead


@pytest.mark.parametrize("file", MARKDOWN)
def test_links_of_texts_lead_to_what_is_committed(file):
    assert not dead_links(file, links_in((ROOT / file).read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", PAGES)
def test_links_of_committed_pages_lead_to_what_is_committed(file):
    assert not dead_links(file, iter(_HTML_LINK.findall((ROOT / file).read_text(encoding="utf-8"))))


@pytest.mark.parametrize("file", NOTEBOOKS)
def test_links_of_notebooks_lead_to_what_is_committed(file):
    cells = json.loads((ROOT / file).read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    for cell in cells:
        shown = (output.get("data", {}) for output in cell.get("outputs", ()))
        texts += ["".join(data["text/markdown"]) for data in shown if "text/markdown" in data]
    assert not [dead for text in texts for dead in dead_links(file, links_in(text))]


def test_a_dead_link_is_seen():
    text = "[a](gone.md) ![b](docs/drawings/gone.svg) [c](README.md#gone) [d](README.md) [e](docs)"
    assert dead_links("CHANGELOG.md", links_in(text)) == [
        "gone.md", "docs/drawings/gone.svg", "README.md#gone",
    ]  # fmt: skip
    assert dead_links("docs/index.md", iter(["reference/made/measures.md"]))  # made, not kept


def dead_links_of_site(site: Path) -> list[str]:
    """Links and anchors of its pages that lead to nothing in it."""
    texts = {page: page.read_text(encoding="utf-8") for page in site.rglob("*.html")}
    anchors = {page: set(re.findall(r'\bid="([^"]+)"', text)) for page, text in texts.items()}
    dead = []
    for page, text in texts.items():
        for target in _HTML_LINK.findall(text) + re.findall(r'href="(#[^"]+)"', text):
            path, _, anchor = unquote(unescape(target)).partition("#")
            there = (page.parent / path.partition("?")[0]).resolve() if path else page
            if not there.is_file() or (anchor and anchor not in anchors.get(there, {anchor})):
                dead.append(f"{page.relative_to(site)}: {target}")
    return dead


@pytest.mark.slow
def test_the_site_builds_without_a_warning_or_a_dead_link(tmp_path):
    site = tmp_path.resolve() / "html"
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    built = subprocess.run(
        [*command, str(ROOT / "docs"), str(site)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NO_COLOR": "1"},
    )
    assert built.returncode == 0, built.stderr
    assert "no_match_share" in (site / "reference" / "made" / "config-keys.html").read_text()
    assert dead_links_of_site(site) == []
    linked = set(_HTML_LINK.findall((site / "results.html").read_text()))
    assert {page for page in PAGES if page not in linked} == set()
    notebooks = (site / "notebooks.html").read_text()
    assert all(f"{Path(name).stem}.html" in notebooks for name in NOTEBOOKS)
    for html in site.rglob("*.html"):  # nothing is fetched from elsewhere
        assert not re.search(r'<(script|link|img)[^>]+(src|href)="https?:', html.read_text()), html


def test_a_dead_link_of_the_site_is_seen(tmp_path):
    site = tmp_path.resolve()
    (site / "a.html").write_text('<a href="b%20c.html#x"></a><a href="b%20c.html#y"></a>')
    (site / "b c.html").write_text('<p id="x"><a href="#z"></a><img src="d.png"></p>')
    assert sorted(dead_links_of_site(site)) == [
        "a.html: b%20c.html#y", "b c.html: #z", "b c.html: d.png",
    ]  # fmt: skip


#: Names in code that look like the project's own: a Vega-Lite specification has ``datasets``.
FOREIGN = {"datasets.points"}


def is_there(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[count:]:
            found = getattr(found, attribute, None)
        return found is not None
    return False


def test_modules_and_files_that_text_names_are_there():
    texts = {
        file: (ROOT / file).read_text(encoding="utf-8")
        for file in sorted(FILES)
        if file.endswith((".py", ".md", ".toml")) and file != "CHANGELOG.md"
    }
    names = {
        name: file
        for file, text in texts.items()
        for name in re.findall(r"`((?:bench|imgsig|datasets)(?:\.[a-z_]+)+)`", text)
    }
    paths = {
        path: file
        for file, text in texts.items()
        for path in re.findall(r"`((?:bench|imgsig|datasets|tests|tools)/[a-z_/]+\.py)`", text)
    }
    assert len(names) > 50
    missing = {name: file for name, file in names.items() if not is_there(name)}
    missing |= {path: file for path, file in paths.items() if path not in FILES}
    assert {name: file for name, file in missing.items() if name not in FOREIGN} == {}
