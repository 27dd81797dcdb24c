"""``python -m tools.transform_sheet OUT.png``: one picture that shows every transform."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import numpy as np
import skimage.data
import sklearn.datasets
from PIL import Image, ImageDraw, ImageFont
from rich.progress import track

from bench.runs.folder import write_output
from datasets.transforms import (
    Transform,
    transform_families,
    transform_set,
    transform_set_names,
)

SEED = 0
ACROSS = 6  # panels in a row
PANEL = (176, 132)  # pixels that a copy is fitted into
GAP, TITLE, HEADING = 6, 14, 34  # pixels: around panels, of the line above one, above a section
PICTURE = 300  # pixels of the longer side of the photographs, so that what 1:1 shows is not lost
OTHERS = "in no set"


def sheet_photographs() -> list[Image.Image]:
    """Two small photographs that scikit-image and scikit-learn bring along."""
    bundled = Path(skimage.data.__file__).parent / "coffee.png"
    with Image.open(bundled) as opened:
        photographs = [opened.convert("RGB")]
    photographs.append(Image.fromarray(sklearn.datasets.load_sample_image("china.jpg")))
    for photograph in photographs:
        photograph.thumbnail((PICTURE, PICTURE))
    return photographs


def sheet_sections(sets: Sequence[str] = ()) -> dict[str, list[Transform]]:
    """What is drawn under which heading.

    Parameters
    ----------
    sets : sequence of str
        Names of sets. None of them takes all sets, and one transform of each family in no set.

    Raises
    ------
    TransformError
        If there is no such set.
    """
    sections = {name: transform_set(name) for name in sets or transform_set_names()}
    if not sets:
        shown = {transform.family for drawn in sections.values() for transform in drawn}
        left = [family for name, family in transform_families().items() if name not in shown]
        if left:
            sections[OTHERS] = [family(family.typical) for family in left]
    return sections


def draw_sheet(
    photographs: Sequence[Image.Image], sections: Mapping[str, Sequence[Transform]]
) -> Image.Image:
    """Every transform of every photograph, titled with the transform's id and the copy's size.

    Copies are shrunk or enlarged to fit their panels, and not stretched.

    Parameters
    ----------
    photographs : sequence of PIL.Image.Image
        Of mode ``RGB`` or ``L``.
    sections : mapping of str to sequence of Transform
        Drawn in this order, the copies of one transform side by side.

    Returns
    -------
    PIL.Image.Image
        Of mode ``RGB``.
    """
    columns, row = PANEL[0] + GAP, TITLE + PANEL[1] + GAP
    rows = [-(-len(drawn) * len(photographs) // ACROSS) for drawn in sections.values()]
    height = len(sections) * HEADING + sum(rows) * row + GAP
    sheet = Image.new("RGB", (ACROSS * columns + GAP, height), "white")
    draw = ImageDraw.Draw(sheet)
    heading, title = ImageFont.load_default(18), ImageFont.load_default(11)
    top = 0
    for (name, transforms), own_rows in zip(sections.items(), rows, strict=True):
        draw.text((GAP, top + HEADING / 2), name, "black", heading, anchor="lm")
        top += HEADING
        pairs = [(each, number) for each in transforms for number in range(len(photographs))]
        shown = track(pairs, description=name, transient=True)
        for place, (transform, number) in enumerate(shown):
            rng = np.random.default_rng([SEED, place])
            copy = transform(photographs[number], rng)
            x = GAP + place % ACROSS * columns
            y = top + place // ACROSS * row
            words = f"{transform.id}  ({copy.width}x{copy.height})"
            draw.text((x + PANEL[0] / 2, y + TITLE / 2), words, "black", title, anchor="mm")
            sheet.paste(_fitted(copy, sheet), (x, y + TITLE))
        top += own_rows * row
    return sheet


def _fitted(copy: Image.Image, sheet: Image.Image) -> Image.Image:
    """The copy in the middle of a panel, on a grey that neither black nor white borders vanish in.

    Pixels show where they are enlarged to twice their size or more.
    """
    panel = Image.new(sheet.mode, PANEL, "#d8dde3")
    share = min(room / side for room, side in zip(PANEL, copy.size, strict=True))
    width, height = (max(1, round(side * share)) for side in copy.size)
    grain = Image.Resampling.NEAREST if share >= 2 else Image.Resampling.LANCZOS
    fitted = copy.convert(sheet.mode).resize((width, height), grain)
    panel.paste(fitted, ((PANEL[0] - width) // 2, (PANEL[1] - height) // 2))
    return panel


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
