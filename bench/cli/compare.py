"""``imgsig-bench compare``: what indices take, whoever built them."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from bench.cli.cluster import cluster_environment
from bench.cli.completion import complete_indices
from bench.cli.explained import errors_explained, print_json
from bench.compare import (
    Compared,
    compare_indices,
    comparison_csv,
    comparison_page,
    comparison_rows,
    mapping_differences,
)
from bench.engine import open_engine
from bench.run_folder import write_bytes
from datasets.cache import cache_dir
from imgsig.cli.command import Command
from imgsig.cli.table import WholeTable

FORMATS = click.Choice(["table", "json", "csv"])


@click.command(
    cls=Command,
    examples=(
        "imgsig-bench compare tester tester_str tester_none",
        "imgsig-bench compare photos photos_v2 --es-url http://localhost:9200 --analyze",
        "imgsig-bench compare photos photos_v2 --page compared.html --json",
    ),
)
@click.argument("indices", nargs=-1, required=True, shell_complete=complete_indices)
@click.option("--es-url", help="Cluster to look at; else ES_URL, else the engine that was kept.")
@click.option("--analyze", is_flag=True, help="Estimate bytes by field too; reads every index.")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write a page (HTML) to look at.",
)
def compare(
    indices: tuple[str, ...],
    es_url: str | None,
    analyze: bool,
    form: str,
    as_json: bool,
    page: Path | None,
) -> None:
    """Compare the size of INDICES, whoever built them. Reads only."""
    with (
        errors_explained(),
        open_engine(cache_dir(), env=cluster_environment(es_url)) as engine,
    ):
        compared = compare_indices(engine.client, indices, analyze=analyze)
        if page is not None:
            version = str(engine.describe()["elasticsearch"])
            write_bytes(page, comparison_page(compared, version).encode())
            click.echo(f"Page: {page}", err=True)
        if as_json or form == "json":
            print_json(comparison_rows(compared))
        elif form == "csv":
            click.echo(comparison_csv(compared), nl=False)
        else:
            _print(compared, Console())


def _print(compared: Sequence[Compared], console: Console) -> None:
    table = WholeTable()
    table.add_column("index")
    for heading in ("documents", "MB", "B/doc", f"{compared[0].index} is", "segments"):
        table.add_column(heading, justify="right")
    analyzed = any(one.fields is not None for one in compared)
    if analyzed:
        table.add_column("ghost B/doc", justify="right")
    table.add_column("compare with care")
    for row in comparison_rows(compared):
        per_document, ratio = row["bytes_per_document"], row["smaller_by"]
        ghost = []
        if analyzed:
            ghost = [f"{row['ghost_bytes'] / row['documents']:,.0f}" if row["documents"] else "–"]
        table.add_row(
            row["index"],
            f"{row['documents']:,}",
            f"{row['store_bytes'] / 1e6:,.1f}",
            "–" if per_document is None else f"{per_document:,.0f}",
            "–" if ratio is None else f"{ratio:.2f}×",
            str(row["segments"]),
            *ghost,
            "; ".join(row["warnings"]),
        )
    console.print(table)
    _print_differences(compared, console)


def _print_differences(compared: Sequence[Compared], console: Console) -> None:
    differences = mapping_differences([one.mappings for one in compared])
    if not differences:
        return
    table = WholeTable(title="How the mappings differ", title_justify="left")
    table.add_column("field")
    for one in compared:
        table.add_column(one.index)
    for field, rules in differences.items():
        table.add_row(field, *(rule or "–" for rule in rules))
    console.print(table)
