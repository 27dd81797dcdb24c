"""HTML pages from templates: escaped, strict, and without anything from the network."""

import base64
import hashlib
import json
from functools import partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from bench.report.plot_library import library_code, packed_library
from bench.report.rounding import rounded


def render(template: str, /, *, live: bool = False, **values: Any) -> str:
    """Render a template of this package.

    Parameters
    ----------
    template : str
        File name in ``templates``.
    **values
        What it shows. Whatever comes from files or configs is escaped; a name that the template
        uses and that is not given is an error.
    """
    environment = Environment(
        loader=PackageLoader("bench.report"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["rounded"] = rounded
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
        **values,
    )


def _own(name: str) -> str:
    return (files("bench.report") / "templates" / name).read_text(encoding="utf-8")


def _policy(scripts: list[str]) -> str:
    """A Content-Security-Policy: these scripts run, and nothing is fetched.

    Vega compiles its expressions, so pages with live plots must allow that.
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

    Examples
    --------
    >>> data_address("image/svg+xml", b"<svg/>")
    'data:image/svg+xml;base64,PHN2Zy8+'
    """
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
