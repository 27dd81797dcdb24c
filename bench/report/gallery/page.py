"""Example pairs as pages show them: as signatures on the report, with photographs beside it."""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from bench.report.gallery.pairs import KINDS
from bench.report.gallery.thumbnails import PICTURES
from bench.report.page import data_address, render
from bench.report.summary import score_of
from bench.runs.folder import RunFolder
from imgsig import Grid, SignatureConfig
from imgsig.file_names import on_one_line

#: File name of the page with photographs, without ending.
NAME = "gallery"
#: From −2 to 2: ColorBrewer's PuOr, whose ends colour-blind readers tell apart.
_VALUES = ("#b35806", "#fdb863", "#f7f7f7", "#b2abd2", "#542788")
#: From equal values to values as far apart as they can be.
_APART = ("#f7f7f7", "#cccccc", "#969696", "#525252", "#000000")


def gallery_groups(folder: RunFolder, manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The example pairs by kind, for a template; none where a run has no table ``gallery``."""
    if not (folder.path / "gallery.parquet").is_file():
        return []
    table = folder.table("gallery")
    grid = SignatureConfig.from_config(manifest["config"]["signature"]).grid
    groups = []
    for name, kind in KINDS.items():
        own = table[table["kind"] == name]
        if len(own):
            cases = [_case(rows, grid) for _, rows in own.groupby("case")]
            groups.append({"title": kind.title, "rule": kind.rule, "cases": cases})
    return groups


def _case(rows: pd.DataFrame, grid: Grid) -> dict[str, Any]:
    records = rows.to_dict("records")
    query = records[0]
    signature = np.frombuffer(query["query_signature"], dtype=np.int8)
    sides = []
    for record in records:
        document = np.frombuffer(record["doc_signature"], dtype=np.int8)
        sides.append(
            {
                **record,
                "photo": ("doc", record["doc"]),
                "name": on_one_line(record["doc_original"]),
                "picture": signature_picture(document, grid),
                "difference": difference_picture(signature, document, grid),
            }
        )
    return {
        "number": query["query"],
        "photo": ("query", query["query"]),
        "name": on_one_line(query["query_original"]),
        "transform": query["transform"],
        "picture": signature_picture(signature, grid),
        "sides": sides,
    }


def has_photographs(folder: RunFolder) -> bool:
    """Whether the run's thumbnails are here: they stay on the machine that made them."""
    return (folder.path / PICTURES).is_file()


def render_gallery_page(
    folder: RunFolder, manifest: Mapping[str, Any], groups: list[dict[str, Any]]
) -> str:
    """Render the page with photographs."""
    thumbnails = pd.read_parquet(folder.path / PICTURES)
    photographs = {
        (row["role"], row["number"]): {
            "source": data_address("image/webp", row["webp"]),
            "width": row["width"],
            "height": row["height"],
        }
        for row in thumbnails.to_dict("records")
    }
    return render(
        "gallery.html.j2",
        manifest=manifest,
        gallery=groups,
        score=score_of_examples(folder),
        photographs=photographs,
    )


def score_of_examples(folder: RunFolder) -> tuple[str, int]:
    """`bench.report.summary.score_of` the gallery's variant."""
    return score_of(folder, folder.table("gallery")["variant"].iloc[0])


def signature_picture(signature: NDArray[np.int8], grid: Grid) -> str:
    """A signature, ``int8[length]``, as the ``data:`` address of a PNG.

    Every grid point is a block of 3×3 pixels, one for each neighbour; the middle one has no value.
    """
    return _drawn(signature.astype(np.intp) + 2, grid, _VALUES, middle=2)


def difference_picture(a: NDArray[np.int8], b: NDArray[np.int8], grid: Grid) -> str:
    """Where two signatures differ, the darker the more."""
    return _drawn(np.abs(a.astype(np.intp) - b), grid, _APART, middle=0)


def _drawn(places: NDArray[np.intp], grid: Grid, colors: tuple[str, ...], middle: int) -> str:
    cells = np.full((grid.n, grid.n, 3, 3), middle, dtype=np.uint8)
    values = places.reshape(grid.n, grid.n, len(grid.neighbors))
    for index, (down, right) in enumerate(grid.neighbors):
        cells[:, :, 1 + down, 1 + right] = values[:, :, index]
    side = 3 * grid.n
    image = Image.fromarray(cells.transpose(0, 2, 1, 3).reshape(side, side), "P")
    image.putpalette(bytes.fromhex("".join(color[1:] for color in colors)))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return data_address("image/png", buffer.getvalue())
