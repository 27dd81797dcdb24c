"""Writes all pages and drawings that are made when the guide is built."""

from pathlib import Path

from bench.runs.folder import write_bytes
from guide.commands import commands_page, exit_codes_page
from guide.configs import configs_page
from guide.drawings import DRAWINGS
from guide.notebooks import notebook_pages
from guide.registries import codecs_page, layouts_page, measures_page, transforms_page
from guide.runs import Shown, results_page
from guide.tables import tables_page

ROOT = Path(__file__).resolve().parents[2]


def write_pages(docs: Path, runs: list[Shown]) -> list[Path]:
    """Write the made pages, and the drawings of the explanation (committed).

    Parameters
    ----------
    docs : Path
        The source folder of the guide; made files go to ``reference/made`` and ``drawings`` in it.
    runs : list of Shown
        The runs of the page of results.

    Returns
    -------
    list of Path
        What was written.
    """
    made: dict[str, str | bytes] = {
        "reference/made/command-line.md": commands_page(),
        "reference/made/exit-codes.md": exit_codes_page(),
        "reference/made/config-keys.md": configs_page(),
        "reference/made/codecs.md": codecs_page(),
        "reference/made/layouts.md": layouts_page(),
        "reference/made/transforms.md": transforms_page(),
        "reference/made/measures.md": measures_page(),
        "reference/made/result-tables.md": tables_page(ROOT / "results"),
    }
    made["reference/made/runs.md"] = results_page(runs)
    pages = notebook_pages(ROOT / "notebooks")
    made |= {f"reference/made/notebooks/{name}": page for name, page in pages.items()}
    for path in (docs / "reference" / "made").rglob("*.*"):
        if path.relative_to(docs).as_posix() not in made:
            path.unlink()  # of a notebook or page that is no more
    made |= {f"drawings/{name}.svg": draw() for name, draw in DRAWINGS.items()}
    for name, page in made.items():
        path = docs / name
        content = page.encode() if isinstance(page, str) else page
        # Written only where it differs, so that a second build has nothing to do.
        if not path.is_file() or path.read_bytes() != content:
            write_bytes(path, content)
    return [docs / name for name in made]
