"""Builds the site: ``make site``. Everything is local: no network, no fonts from elsewhere."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from guide.pages import ROOT, write_pages  # noqa: E402 - found by the path above
from guide.runs import copy_pages, shown_runs  # noqa: E402
from sphinx.application import Sphinx  # noqa: E402

from imgsig import __version__  # noqa: E402

project = "imgsig"
author = "The imgsig authors"
project_copyright = "The imgsig authors, Apache-2.0"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "reference/made/runs.md"]  # the latter is included by results.md
nitpicky = False  # names of numpy and pandas have nothing here to link to
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
myst_disable_syntax = ["myst_line_comment"]  # a line may begin with the % of "95 %"

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # docstrings name types, shapes and units
default_role = "code"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True

html_theme = "furo"
html_title = "imgsig"
html_show_sphinx = False
html_copy_source = False

runs = shown_runs(ROOT / "results")
write_pages(HERE, runs)


def setup(app: Sphinx) -> None:
    """Put the pages of runs beside the guide: they are whole as they are."""
    app.connect("build-finished", lambda app, _: copy_pages(runs, Path(app.outdir)))
