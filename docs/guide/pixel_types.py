"""Tables of where our signatures are not image-match's, and of what options change, as measured."""

from collections.abc import Callable

import pandas as pd

from bench.peers.environment import REQUIREMENTS
from guide.markdown import table
from tools import pixel_options
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
    theirs = recorded[recorded["refused"] == ""]
    equal = int((theirs["different_by_rule"] == 0).sum())
    return (
        table(["file", "image-match by path", "image-match by bytes"], rows)
        + f"\nWith the rule of the same name, `path` or `bytes`, {equal} of the {len(theirs)} "
        "signatures that image-match gives are equal to the last value."
        + f" {len(PHOTOGRAPHS)} photographs as each kind of file; {' and '.join(used)}.\n"
    )


def _cell(rows: pd.DataFrame) -> str:
    refused = rows[rows["refused"] != ""]
    if len(refused):
        of = "" if len(refused) == len(rows) else f" for {len(refused)} of {len(rows)}"
        return f"it raises {', '.join(sorted(set(refused['refused'])))}{of}"
    if (rows["different"] < 0).all():
        return "**refused here**"
    if (rows["different"] == 0).all():
        return "equal"
    values, apart = rows["different"], rows["distance"].astype(float)
    count = _range(str(values.min()), str(values.max()))
    distance = _range(f"{apart.min():.2f}", f"{apart.max():.2f}")
    return f"**{count}** of 648 values differ, distance {distance}"


def _range(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"


def options() -> str:
    """A row an option and kind of file."""
    recorded = pd.read_csv(pixel_options.RECORDED)
    rows = []
    for (option, file), of_file in recorded.groupby(["option", "file"], sort=False):
        [(name, value)] = pixel_options.OPTIONS[option].get_config().items()
        distance = of_file["distance"]
        apart = _range(f"{distance.min():.2f}", f"{distance.max():.2f}")
        without, by_option = (f"{of_file[key].mean():.0f}" for key in ("without", "with"))
        rows.append((f"`{name}={value!r}`", file, apart, without, by_option))
    heads = ["option", "file", "distance of the two signatures"]
    return table([*heads, "values other than 0 without", "and with it"], rows)


BLOCKS: dict[str, Callable[[], str]] = {"pixel-types": pixel_types, "pixel-options": options}
"""Made parts by the name in their marks."""
