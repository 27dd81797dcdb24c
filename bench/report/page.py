"""HTML pages that need no network: templates, their figures, and the page that most kinds have."""

import base64
import gzip
import hashlib
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import Any

import pandas as pd
import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from PIL import Image

from bench.engine.catalog import engine_title
from bench.report.drawing import Drawing
from bench.report.interactive import INTERACTIVE, packed
from bench.report.rounding import confidence, rounded
from bench.runs.folder import RunFolder, write_bytes
from bench.signing.dataset import cautions

#: Enough for areas, lines and their smooth edges.
_MOST_COLORS = 128


@dataclass(frozen=True)
class PageFigure:
    """A figure on a page: its file name without ending, alternative text and ``data:`` address.

    `plot` is the same figure for the browser, as `bench.report.interactive.packed` gives it, for
    those that tell more when pointed at.
    """

    name: str
    alt: str
    source: str
    plot: dict[str, Any] | None = None


def page_figures(
    folder: RunFolder, drawings: Mapping[str, tuple[Any, str]], svgs: Mapping[str, bytes]
) -> dict[str, PageFigure]:
    """Those figures of a run that were drawn, for its pages."""
    return {
        name: PageFigure(name, alt, _source(folder, name, svgs[name]), _plot(folder, name))
        for name, (_, alt) in drawings.items()
        if name in svgs
    }


def _source(folder: RunFolder, name: str, svg: bytes) -> str:
    """The PNG of the figure in few colours, or the SVG where that is smaller.

    A page is a single file, so all its figures count towards its size.
    """
    path = folder.path / "figures" / f"{name}.png"
    if path.is_file():
        buffer = io.BytesIO()
        with Image.open(path) as image:
            few = image.convert("RGB").quantize(_MOST_COLORS, dither=Image.Dither.NONE)
            few.save(buffer, "PNG", optimize=True)
        if len(buffer.getvalue()) < len(svg):
            return data_address("image/png", buffer.getvalue())
    return data_address("image/svg+xml", svg)


def _plot(folder: RunFolder, name: str) -> dict[str, Any] | None:
    data = folder.path / "figures" / f"{name}.csv"
    if name not in INTERACTIVE or not data.is_file():
        return None
    return packed(INTERACTIVE[name](pd.read_csv(data)))


@cache
def library_code() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, from the package ``vl-convert-python``."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")


@cache
def packed_library() -> str:
    """The library, gzipped and as base64: 0.4 MB instead of 0.9, the same bytes every time."""
    return base64.b64encode(gzip.compress(library_code().encode(), 9, mtime=0)).decode("ascii")


def render(
    template: str, /, *, pictures: Mapping[str, PageFigure] | None = None, **values: Any
) -> str:
    """Render a file in ``templates``.

    All values are escaped; a value that the template uses but is not given is an error.
    """
    live = any(picture.plot for picture in (pictures or {}).values())
    environment = Environment(
        loader=PackageLoader("bench.report"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["engine_title"] = engine_title
    environment.filters["rounded"] = rounded
    environment.filters["confidence"] = confidence
    environment.filters["readable"] = partial(json.dumps, indent=2, ensure_ascii=False)
    scripts = [_own("tables.js")]
    if live:
        scripts.append(_own("plots.js"))
    return environment.get_template(template).render(
        policy=_policy([*scripts, *([library_code()] if live else [])]),
        style=Markup(_own("page.css")),  # noqa: S704 (a file of this package)
        scripts=[Markup(script) for script in scripts],  # noqa: S704 (files of this package)
        live=live,
        library=packed_library() if live else "",
        pictures=pictures,
        **values,
    )


def _own(name: str) -> str:
    return (files("bench.report") / "templates" / name).read_text(encoding="utf-8")


def _policy(scripts: list[str]) -> str:
    """A Content-Security-Policy under which these scripts run, and nothing is fetched.

    Vega compiles its expressions, so pages with live plots must allow ``eval``.
    """
    allowed = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    ]
    if len(scripts) > 1:
        allowed.append("'unsafe-eval'")
    return (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
        f"form-action 'none'; script-src {' '.join(allowed)}"
    )


def data_address(kind: str, content: bytes) -> str:
    """A file as a ``data:`` address.

    >>> data_address("image/svg+xml", b"<svg/>")
    'data:image/svg+xml;base64,PHN2Zy8+'
    """
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


#: Rows of a table that are shown at once.
LONG = 25


@dataclass(frozen=True)
class Listing:
    """A table of a page, with a heading and what a reader must know to read it.

    Column names are shown with spaces for underscores.
    """

    title: str
    note: str
    table: pd.DataFrame

    @property
    def is_long(self) -> bool:
        """Whether it is folded: longer than a screen."""
        return len(self.table) > LONG

    @property
    def rows(self) -> list[list[str]]:
        """The cells as text."""
        return [[_shown(value) for value in row] for row in self.table.itertuples(index=False)]

    @property
    def columns(self) -> list[str]:
        """The headings."""
        return [str(name).replace("_", " ") for name in self.table.columns]

    @property
    def numeric(self) -> list[bool]:
        """Which columns hold numbers."""
        kinds = self.table.dtypes
        return [bool(pd.api.types.is_numeric_dtype(kind)) for kind in kinds]


def _shown(value: Any) -> str:
    if isinstance(value, bool) or pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if pd.api.types.is_integer(value):
        return f"{value:,}"
    return _shown_number(float(value)) if pd.api.types.is_float(value) else str(value)


def _shown_number(value: float) -> str:
    if math.isnan(value):
        return "–"
    if abs(value) >= 1000:
        return rounded(value, ",.0f")
    if value and abs(value) < 0.001:
        return rounded(value, ".3g")
    return rounded(value).rstrip("0").rstrip(".")


def write_evidence(
    folder: RunFolder,
    manifest: Mapping[str, Any],
    sentences: Sequence[str],
    drawings: Mapping[str, Drawing],
    svgs: Mapping[str, bytes],
    listings: Sequence[Listing],
) -> None:
    """Write ``report.html``: verdict, figures, tables and where they come from."""
    page = render(
        "evidence.html.j2",
        manifest=manifest,
        sentences=sentences,
        cautions=cautions(manifest["dataset"], searches="search" in manifest["config"]),
        pictures=page_figures(folder, drawings, svgs),
        listings=listings,
    )
    write_bytes(folder.path / "report.html", page.encode())
