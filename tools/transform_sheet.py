"""``python -m tools.transform_sheet OUT.png``: one picture that shows every transform."""

import io
from pathlib import Path

import click

from bench.runs.folder import write_output
from datasets.transform_sheet import draw_sheet, sheet_photographs, sheet_sections
from datasets.transforms import transform_set_names


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--set",
    "sets",
    multiple=True,
    type=click.Choice(transform_set_names()),
    help="Draw this set only; may be given several times. Without it, all sets and families.",
)
def main(out: Path, sets: tuple[str, ...]) -> None:
    """Draw every transform on two photographs into the PNG file OUT."""
    if not out.parent.is_dir():
        raise click.BadParameter(f"there is no folder {out.parent}; create it first")
    drawn = io.BytesIO()
    draw_sheet(sheet_photographs(), sheet_sections(sets)).save(drawn, format="PNG")
    write_output(out, drawn.getvalue())
    click.echo(f"Wrote {out}")


if __name__ == "__main__":
    main()
