"""Show figures, tables and sentences in a notebook, the same bytes for the same data."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any

import pandas as pd
from IPython.display import Markdown, display

from bench.notebooks.results import data_folder, digest
from bench.report.drawing import READ_WIDTH, Drawn, png_bytes, style
from bench.runs.folder import write_bytes

_written: dict[str, str] = {}


class ShownFigure:
    """A figure as Jupyter shows it: a PNG, and its alternative text where there are no pictures."""

    def __init__(self, png: bytes, alt: str) -> None:
        self.png, self.alt = png, alt

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = {"image/png": self.png, "text/plain": self.alt}
        return bundle, {"image/png": {"alt": self.alt}}


class ShownTable:
    """A table as Jupyter shows it, under the headings it has."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table

    def __repr__(self) -> str:
        return self.table.to_string(index=False)

    def _repr_html_(self) -> str:
        numbers: list[Hashable] = list(self.table.select_dtypes("number").columns)
        # A fixed id: otherwise every execution would have a new one.
        styler = self.table.style.set_uuid("shown").hide(axis="index")
        styler = styler.format(precision=0, thousands=",", na_rep="–", subset=numbers)
        text: list[Hashable] = [column for column in self.table.columns if column not in numbers]
        styler = styler.format(escape="html", subset=text)
        styler = styler.set_properties(subset=text, **{"text-align": "left"})
        heads: Any = [{"selector": "th", "props": "text-align: left"}]
        return str(styler.set_table_styles(heads).to_html())


def show(name: str, draw: Callable[..., Drawn], *args: Any, alt: str = "") -> None:
    """Draw a figure and show it, and write its data as CSV beside the notebooks.

    Parameters
    ----------
    alt : str
        Alternative text; by default the first line of the docstring of `draw`.
    """
    with style():
        figure, data = draw(*args)
        png = png_bytes(figure, dpi=READ_WIDTH / figure.get_figwidth())
    path = data_folder() / f"{name}.csv"
    write_bytes(path, data.to_csv(index=False, lineterminator="\n").encode())
    _written[path.name] = digest(path)
    shown = ShownFigure(png, alt or str(draw.__doc__).partition("\n")[0])
    where = _markdown(f"Data of the figure: [data/{path.name}](data/{path.name})")
    display(shown, where)  # type: ignore[no-untyped-call]


def show_table(table: pd.DataFrame) -> ShownTable:
    """Show a small table."""
    return ShownTable(table)


def say(sentences: Iterable[str]) -> Markdown:
    """Show a verdict as a list, a point a sentence."""
    # In Markdown a dollar sign begins a formula, and an underscore emphasis.
    escaped = (s.replace("$", r"\$").replace("_", r"\_") for s in sentences)
    return _markdown("\n".join(f"- **{sentence}**" for sentence in escaped))


def _markdown(text: str) -> Markdown:
    return Markdown(text)  # type: ignore[no-untyped-call]


def data_written() -> dict[str, str]:
    """SHA-256 of every data file written, by name, sorted."""
    return dict(sorted(_written.items()))
