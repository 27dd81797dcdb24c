"""Recompute a scale run: its fits and what they project."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from bench.kinds.scale.config import Scale
from bench.kinds.scale.synthetic import STATISTICS, check_row
from bench.kinds.scale.tables import bytes_check, projections_table, reported_table
from bench.runs.check import KERNELS, Check, same_table
from bench.sizes.fit import fits_table


def recompute_scale(
    scale: Scale, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> Iterator[Check]:
    """Fit the sizes again, and project them again."""
    sizes = tables["sizes"]
    yield same_table("sizes", sizes, _sizes_again(sizes, tables["fields"]))
    fits, best = fits_table(sizes, scale.confidence)
    yield same_table("fits", tables["fits"], fits, KERNELS)
    projections, reported = projections_table(best, scale), reported_table(best, scale)
    yield same_table("projections", tables["projections"], projections, KERNELS)
    yield same_table("reported", tables["reported"], reported, KERNELS)
    if "synthetic_check" in tables:
        of_bytes = bytes_check(sizes, scale.synthetic.bytes_tolerance)
        stored = tables["synthetic_check"]
        words = stored.head(len(stored) - len(of_bytes))
        again = pd.concat([_words_again(scale, words, tables), of_bytes], ignore_index=True)
        yield same_table("synthetic_check", stored, again[stored.columns])


def _sizes_again(sizes: pd.DataFrame, fields: pd.DataFrame) -> pd.DataFrame:
    """Sizes with what follows from the store and from estimated bytes."""
    keys = ["variant", "origin", "documents"]
    points = fields[fields["structure"] == "points"].groupby(keys)["bytes"].sum()
    own = points.reindex(pd.MultiIndex.from_frame(sizes[keys]), fill_value=0).to_numpy()
    return sizes.assign(
        synthetic=sizes["documents"] - sizes["real"],
        bytes_per_document=sizes["store_bytes"] / sizes["documents"],
        points_bytes_per_document=own / sizes["documents"],
    )


def _words_again(
    scale: Scale, stored: pd.DataFrame, tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Means over the positions; halves of the real documents are compared by signatures."""
    by_origin = dict(list(tables["synthetic_positions"].groupby("origin")))
    rows = [
        check_row(
            name,
            by_origin["real"][name].mean(),
            by_origin["synthetic"][name].mean(),
            scale.synthetic.words_tolerance,
        )
        for name in STATISTICS
    ]
    return pd.DataFrame(rows).assign(real_halves_difference=stored["real_halves_difference"])
