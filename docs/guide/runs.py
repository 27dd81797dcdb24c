"""The page of results: every finished run in ``results``, whoever put it there, and its pages."""

import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bench.engine.catalog import engine_title
from bench.kinds.registry import kind_of_run
from bench.runs.errors import BenchError
from bench.runs.folder import RunFolder, write_bytes
from bench.runs.manifest import read_manifest
from guide.markdown import plain, table

#: Shows photographs, which stay on the machine.
GALLERY = "gallery.html"


@dataclass(frozen=True)
class Shown:
    """A run of the site: its folder, its place below ``results``, and what the page says of it."""

    folder: Path
    place: str
    row: tuple[str, ...]
    section: str

    @property
    def pages(self) -> list[str]:
        """Names of its pages, the report first."""
        return _pages(self.folder)


def shown_runs(results: Path) -> list[Shown]:
    """Every finished run, at any depth; one that cannot be read is told and left out."""
    runs = []
    for folder in sorted(path.parent for path in results.rglob("manifest.json")):
        place = folder.relative_to(results).as_posix()
        try:
            runs.append(_shown(RunFolder(folder), place))
        # A folder of others may hold anything, and is no reason to have no site.
        except (BenchError, OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            print(f"results/{place} is left out: {error!r}", file=sys.stderr)
    return runs


def results_page(runs: Iterable[Shown]) -> str:
    """A row and a paragraph a run."""
    headings = ["run", "documents", "queries", "pictures", "kind", "engine"]
    rows = table(headings, [run.row for run in runs], " rr")
    return f"{rows}\n## What each says\n{''.join(run.section for run in runs)}"


def copy_pages(runs: Iterable[Shown], site: Path) -> None:
    """Put the pages of all runs where the page of results links to, and a link back into each."""
    shutil.rmtree(site / "results", ignore_errors=True)
    for run in runs:
        copies = site / "results" / run.place
        copies.mkdir(parents=True)
        up = "../" * len(copies.relative_to(site).parts)
        back = f'<body>\n<p><a href="{up}results.html">All results</a></p>'.encode()
        for page in run.pages:
            whole = (run.folder / page).read_bytes()
            write_bytes(copies / page, whole.replace(b"<body>", back, 1))


def _shown(folder: RunFolder, place: str) -> Shown:
    manifest = read_manifest(folder)
    sentences = kind_of_run(folder).verdict(folder, manifest)
    title = plain(manifest["title"] or manifest["name"])
    machine, dataset = manifest["machine"], manifest["dataset"]
    engines = [manifest["engine"]] if manifest["engine"] else manifest.get("engines", [])
    counts = (dataset.get("documents"), dataset.get("queries"))
    # As HTML, for the guide has no documents of these names.
    links = {
        page: f'<a href="results/{quote(place)}/{quote(page)}">' for page in _pages(folder.path)
    }
    row = (
        f"{links['report.html']}{title}</a>" if "report.html" in links else title,
        *("" if count is None else f"{count:,}" for count in counts),
        plain(str(dataset.get("collection", ""))),
        plain(str(manifest.get("kind", "experiment"))),
        plain(", ".join(engine_title(engine) for engine in engines)) or "none",
    )
    pages = [f"{link}{plain(page[:-5].replace('-', ' '))}</a>" for page, link in links.items()]
    section = (
        f"\n### {title}\n\n{plain(sentences[0]) if sentences else ''}\n\n"
        f"{' · '.join(pages) or 'It has no pages: `imgsig-bench report` draws them.'}\n\n"
        f"Config {plain(manifest['name'])}, measured {plain(manifest['finished'][:10])} on "
        f"{plain(str(machine['processor']))}, {machine['cores']} cores, "
        f"{machine['memory_bytes'] / 2**30:.0f} GiB; in results/{plain(place)}.\n"
    )
    return Shown(folder.path, place, row, section)


def _pages(folder: Path) -> list[str]:
    # A link could lead to any file of this machine, and a site is made to be published.
    files = (path for path in folder.glob("*.html") if not path.is_symlink())
    names = {path.name for path in files} - {GALLERY}
    return sorted(names, key=lambda name: (name != "report.html", name))
