"""Bytes a document of what each ranking needs: words alone, readable words, or a signature."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from bench.kinds.sweep.config import Sweep
from bench.sizes.size_model import SIZE
from imgsig.layouts import get_layout


def words_are_readable(layout: str) -> bool:
    """Whether hits can return the words of a layout: they are in ``_source``."""
    return get_layout(layout).source == "full"


def rankings_of_words(sweep: Sweep) -> list[str]:
    """Rankings that need nothing but the words as they are in the first layout."""
    readable = words_are_readable(sweep.live.samples[0].layout)
    return [
        name for name in sweep.rankings if name == "score" or (name == "sign_distance" and readable)
    ]


def signature_bytes(sweep: Sweep, reference: str, confirmed: Sequence[Mapping[str, Any]]) -> float:
    """Bytes a document that a stored signature takes, measured on the reference.

    Returns
    -------
    float
        NaN where distance does not rank.
    """
    layout = sweep.live.samples[0].layout
    sizes = {
        row["codec"]: float(row["bytes_per_document"])
        for row in confirmed
        if (row["variant"], row["layout"]) == (reference, layout)
    }
    return sizes.get(sweep.live.signature.id, float("nan")) - sizes["none"]


def sizes_by_ranking(
    sweep: Sweep, sizes: pd.DataFrame, reference: str, signature: float
) -> pd.DataFrame:
    """Sizes of what each ranking needs.

    ``score`` needs the words, in the first layout; ``distance`` a signature beside them; and
    ``sign_distance`` words that hits can return, in the first layout that keeps such. Where there
    is none it has no size.
    """
    layouts = [sample.layout for sample in sweep.live.samples]
    first = sizes[sizes["layout"] == layouts[0]]
    parts = [first.assign(ranking="score")]
    with_signature = first.assign(ranking="distance")
    for column in ("bytes_per_document", "bytes_low", "bytes_high"):
        with_signature[column] += signature
    # The sum of two measured sizes is no measured one, but for the reference's own index.
    is_summed = with_signature["variant"] != reference
    parts.append(
        with_signature.assign(size_source=first["size_source"].mask(is_summed, "predicted"))
    )
    readable = [layout for layout in layouts if words_are_readable(layout)]
    if readable:
        parts.append(sizes[sizes["layout"] == readable[0]].assign(ranking="sign_distance"))
    table = pd.concat(parts, ignore_index=True)
    return table[["variant", "ranking", *SIZE]]
