"""Writes all pages and drawings that are made when the guide is built."""

from pathlib import Path

from bench.runs.folder import write_bytes
from guide.commands import commands_page, exit_codes_page
from guide.configs import configs_page
from guide.drawings import DRAWINGS
from guide.registries import codecs_page, layouts_page, measures_page, transforms_page
from guide.tables import tables_page

ROOT = Path(__file__).resolve().parents[2]


def write_pages(docs: Path) -> list[Path]:
    """Write the made pages of the reference, and the drawings of the explanation (committed).

    Parameters
    ----------
    docs : Path
        The source folder of the guide; made files go to ``reference/made`` and ``drawings`` in it.

    Returns
    -------
    list of Path
        What was written.
    """
    made = {
        "reference/made/command-line.md": commands_page(),
        "reference/made/exit-codes.md": exit_codes_page(),
        "reference/made/config-keys.md": configs_page(),
        "reference/made/codecs.md": codecs_page(),
        "reference/made/layouts.md": layouts_page(),
        "reference/made/transforms.md": transforms_page(),
        "reference/made/measures.md": measures_page(),
        "reference/made/result-tables.md": tables_page(ROOT / "results"),
    }
    made |= {f"drawings/{name}.svg": draw() for name, draw in DRAWINGS.items()}
    for name, text in made.items():
        path = docs / name
        # Written only where it differs, so that a second build has nothing to do.
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            write_bytes(path, text.encode())
    return [docs / name for name in made]
