"""The table of where our signatures are not image-match's, from what was measured."""

from collections.abc import Callable

import pandas as pd

from bench.kinds.speed.peers.environment import REQUIREMENTS
from guide.markdown import table
from tools.pixel_types import PHOTOGRAPHS, PIXEL_TYPES, RECORDED, WAYS


def pixel_types() -> str:
    """A row a pixel type, a column a way in."""
    recorded = pd.read_csv(RECORDED, keep_default_na=False)
    rows = []
    for pixels in PIXEL_TYPES:
        of_type = recorded[recorded["pixels"] == pixels]
        rows.append((pixels, *(_cell(of_type[of_type["way"] == way]) for way in WAYS)))
    pins = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    used = [line.split(" ")[0] for line in pins if line.startswith(("image-match3", "scikit-i"))]
    return (
        table(["file", "image-match by path", "image-match by bytes"], rows)
        + f"\n{len(PHOTOGRAPHS)} photographs as each kind of file; {' and '.join(used)}.\n"
    )


def _cell(rows: pd.DataFrame) -> str:
    refused = rows[rows["different"] < 0]
    if len(refused):
        of = "" if len(refused) == len(rows) else f" for {len(refused)} of {len(rows)}"
        return f"it raises {', '.join(sorted(set(refused['refused'])))}{of}"
    if (rows["different"] == 0).all():
        return "equal"
    values, apart = rows["different"], rows["distance"].astype(float)
    return (
        f"**{values.min()} to {values.max()}** of 648 values differ, distance {apart.min():.2f} to "
        f"{apart.max():.2f}"
    )


BLOCKS: dict[str, Callable[[], str]] = {"pixel-types": pixel_types}
"""Made parts by the name in their marks."""
