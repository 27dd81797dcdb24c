"""One picture that shows every transform: ``python -m datasets.transform_sheet OUT.png``."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
import skimage.data
import sklearn.datasets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from datasets.transforms import Transform, transform_families, transform_set

SEED = 0
ACROSS = 6  # pictures in a row
WIDTH, ROW = 10.8, 1.5  # inches: of the sheet, and the height of a row
DPI = 100
PICTURE = 300  # pixels of the longer side, so that what 1:1 shows is not lost in the sheet


def sheet_photographs() -> list[Image.Image]:
    """Two small photographs that scikit-image and scikit-learn bring along."""
    bundled = Path(skimage.data.__file__).parent / "coffee.png"
    with Image.open(bundled) as opened:
        photographs = [opened.convert("RGB")]
    photographs.append(Image.fromarray(sklearn.datasets.load_sample_image("china.jpg")))
    for photograph in photographs:
        photograph.thumbnail((PICTURE, PICTURE))
    return photographs


def sheet_transforms() -> list[Transform]:
    """The set ``quick``, then one transform of each family that it leaves out."""
    transforms = transform_set("quick")
    shown = {transform.family for transform in transforms}
    for name, family in transform_families().items():
        if name not in shown:
            strength = {"strength": family.typical} if family.takes_strength else {}
            transforms.append(family.from_config(strength))
    return transforms


def draw_sheet(photographs: Sequence[Image.Image], transforms: Sequence[Transform]) -> Figure:
    """Every transform of every photograph, titled with the transform's id and the copy's size.

    Parameters
    ----------
    photographs : sequence of PIL.Image.Image
        Of mode ``RGB`` or ``L``.
    transforms : sequence of Transform
        Drawn in this order, the copies of one transform side by side.

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = -(-len(transforms) * len(photographs) // ACROSS)
    figure = Figure(figsize=(WIDTH, rows * ROW), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(rows, ACROSS, squeeze=False).flat
    for transform in transforms:
        for number, photograph in enumerate(photographs):
            copy = transform(photograph, np.random.default_rng([SEED, number]))
            panel = next(panels)
            panel.imshow(np.asarray(copy), cmap="gray", vmin=0, vmax=255)
            panel.set_title(f"{transform.id}  ({copy.width}×{copy.height})", fontsize=9)
            panel.set_axis_off()
    for panel in panels:
        panel.set_axis_off()
    return figure


def write_sheet(path: Path) -> None:
    """Draw the sheet and write it as PNG, whole or not at all.

    Parameters
    ----------
    path : Path
        File to write or replace, in a folder that exists.
    """
    figure = draw_sheet(sheet_photographs(), sheet_transforms())
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".sheet-") as folder:
        drawn = Path(folder) / "sheet.png"
        figure.savefig(drawn, format="png")
        drawn.replace(path)


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def main(out: Path) -> None:
    """Draw every transform on two photographs into the PNG file OUT."""
    if not out.parent.is_dir():
        raise click.BadParameter(f"there is no folder {out.parent}; create it first")
    write_sheet(out)
    click.echo(f"Wrote {out}")


if __name__ == "__main__":
    main()
