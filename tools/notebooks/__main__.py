"""Commands: ``python -m tools.notebooks execute | check``."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.notebooks.results import ROOT, data_folder, results_folder
from bench.runs.errors import BenchError
from tools.notebooks.execution import NotebookError, executed, read_notebook, write_notebook
from tools.notebooks.staleness import differences, stale

NOTEBOOKS = ROOT / "notebooks"
#: What it shows is measured when it is executed, not read from results.
MEASURES = "06_your_index.ipynb"


def notebooks(names: tuple[str, ...] = ()) -> list[Path]:
    """The notebooks of the clone, or those whose file name begins with one of `names`."""
    found = sorted(NOTEBOOKS.glob("*.ipynb"))
    for name in names:
        if not any(path.name.startswith(name) for path in found):
            there = ", ".join(path.stem for path in found)
            raise NotebookError(f"no notebook is called {name!r}; there are {there}")
    return [path for path in found if not names or path.name.startswith(names)]


@click.group()
def main() -> None:
    """Execute the notebooks, or say which are out of date."""


@main.command()
@click.argument("names", nargs=-1)
def execute(names: tuple[str, ...]) -> None:
    """Execute all notebooks, or those named (by how they begin), and save their outputs."""
    for path in _with_progress(notebooks(names)):
        write_notebook(path, executed(path, results=results_folder(), data=data_folder()))


@main.command()
@click.argument("names", nargs=-1)
@click.option("--again", is_flag=True, help="Also execute them and compare; takes a minute.")
def check(names: tuple[str, ...], again: bool) -> None:
    """Fail where outputs are out of date: other cells, tables or data than when executed."""
    found = []
    for path in _with_progress(notebooks(names)):
        reasons = stale(path, results=results_folder(), data=data_folder())
        if again and path.name != MEASURES:
            with tempfile.TemporaryDirectory() as data:
                fresh = executed(path, results=results_folder(), data=Path(data))
            reasons += differences(read_notebook(path), fresh)
        found += [f"{path.name}: {reason}" for reason in reasons]
    if found:
        raise NotebookError("\n".join([*found, "Run 'make notebooks' and commit what it writes"]))


def _with_progress(paths: list[Path]) -> Iterator[Path]:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task("Notebooks", total=len(paths))
        for path in paths:
            progress.update(task, description=path.stem)
            yield path
            progress.advance(task)


if __name__ == "__main__":
    try:
        main(prog_name="python -m tools.notebooks")
    except BenchError as error:
        Console(stderr=True).print(str(error), highlight=False, soft_wrap=True, style="red")
        sys.exit(1)
