"""HTML pages from templates: escaped, strict, and without anything from the network."""

import base64
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape


def render(template: str, /, **values: Any) -> str:
    """Render a template of this package.

    Parameters
    ----------
    template : str
        File name in ``templates``.
    **values
        What it shows. Whatever comes from files or configs is escaped; a name that the template
        uses and that is not given is an error.

    Returns
    -------
    str
    """
    environment = Environment(
        loader=PackageLoader("bench.report"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(**values)


def embedded(svg: bytes) -> str:
    """An SVG as the base64 of a ``data:`` address."""
    return base64.b64encode(svg).decode("ascii")
