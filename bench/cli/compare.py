"""``imgsig-bench compare``: what indices take, whoever built them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bench.cli.completion import complete_indices
from bench.cli.session import errors_explained, open_cluster, print_json
from imgsig.cli.command import Command

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from bench.compare import Compared

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
@click.option("--es-url", help="Cluster to read; by default ES_URL, else the engine left running.")
@click.option(
    "--analyze", is_flag=True, help="Also estimate bytes by field; reads every index in full."
)
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--page", type=click.Path(dir_okay=False, path_type=Path), help="Also write an HTML page."
)
def compare(
    indices: tuple[str, ...],
    es_url: str | None,
    analyze: bool,
    form: str,
    as_json: bool,
    page: Path | None,
) -> None:
    """Compare the sizes of INDICES, whoever built them. Reads only.

    An alias stands for its indices, each as a whole.
    """
    with errors_explained(), open_cluster(es_url) as engine:
        from rich.console import Console

        from bench.compare import compare_indices, comparison_csv, comparison_page, comparison_rows
        from bench.engine.catalog import TITLES, engine_title
        from bench.engine.errors import EngineUnauthorisedError
        from bench.runs.folder import write_output

        compared = compare_indices(engine.client, indices, analyze=analyze)
        if page is not None:
            try:
                measured_on = engine_title(engine.describe())
            except EngineUnauthorisedError:
                measured_on = f"{TITLES[engine.name]} of a version that it does not tell"
            write_output(page, comparison_page(compared, measured_on).encode())
            click.echo(f"Page: {page}", err=True)
        if as_json or form == "json":
            print_json(comparison_rows(compared))
        elif form == "csv":
            click.echo(comparison_csv(compared), nl=False)
        else:
            _print(compared, Console())


def _print(compared: "Sequence[Compared]", console: "Console") -> None:
    from bench.compare import comparison_rows, family_table
    from bench.report.rounding import sized
    from imgsig.cli.terminal import WholeTable

    table = WholeTable("index")
    for heading in ("documents", "size", "B/doc", f"{compared[0].index} is", "segments"):
        table.add_column(heading, justify="right")
    families = family_table(compared)
    analyzed = not families.empty
    if analyzed:
        table.add_column("ghost B/doc", justify="right")
    for one, row in zip(compared, comparison_rows(compared), strict=True):
        per_document, ratio = row["bytes_per_document"], row["smaller_by"]
        ghost = []
        if analyzed:
            known = one.ghost_bytes is not None and one.size.documents
            ghost = [f"{row['ghost_bytes'] / row['documents']:,.0f}" if known else "–"]
        table.add_row(
            row["index"],
            f"{row['documents']:,}",
            sized(row["store_bytes"]),
            "–" if per_document is None else f"{per_document:,.0f}",
            "–" if ratio is None else f"{ratio:.2f}×",
            str(row["segments"]),
            *ghost,
        )
    console.print(table)
    for one in compared:
        for warning in one.warnings:
            told = f"Compare with care: {one.index}: {warning}"
            console.print(told, markup=False, highlight=False, soft_wrap=True)
    if analyzed:
        _print_families(families, console)
    _print_differences(compared, console)


def _print_families(families: "pd.DataFrame", console: "Console") -> None:
    import pandas as pd

    from imgsig.cli.terminal import WholeTable

    title = "Bytes a document by field, estimated"
    table = WholeTable("field", "structure", title=title, title_justify="left")
    for index in families.columns:
        table.add_column(str(index), justify="right")
    for (family, structure), sizes in zip(families.index, families.to_numpy(), strict=True):
        shown = ("–" if pd.isna(size) else f"{size:,.1f}" for size in sizes)
        table.add_row(str(family), str(structure).replace("_", " "), *shown)
    console.print(table)


def _print_differences(compared: "Sequence[Compared]", console: "Console") -> None:
    from bench.compare import mapping_differences
    from imgsig.cli.terminal import WholeTable

    differences = mapping_differences([one.mappings for one in compared])
    if not differences:
        return
    names = [one.index for one in compared]
    table = WholeTable("field", *names, title="How the mappings differ", title_justify="left")
    for field, rules in differences.items():
        table.add_row(field, *(rule or "–" for rule in rules))
    console.print(table)
