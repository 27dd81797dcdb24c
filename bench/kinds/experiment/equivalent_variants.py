"""Variants that return the same hits: they are measured once, and said of all.

How a signature is stored, or words are mapped, changes an index's size and not what it finds. Of
variants whose hits, scores and distances are the same to the last bit, the first stands for all.
"""

import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd

#: Columns of the candidates in which variants must not differ.
_COLUMNS = ("query", "rank", "doc", "score", "distance", "sign_distance")


def representatives(candidates: pd.DataFrame, variants: Mapping[str, int]) -> dict[str, str]:
    """Find the variant that stands for each."""
    first: dict[tuple[int, str], str] = {}
    found = {}
    by_variant = dict(iter(candidates.groupby("variant", sort=False)))
    none = candidates.iloc[:0]
    for variant, largest in variants.items():
        rows = by_variant.get(variant, none)
        digest = hashlib.sha256()
        for column in _COLUMNS:
            digest.update(np.ascontiguousarray(rows[column].to_numpy()).tobytes())
        found[variant] = first.setdefault((largest, digest.hexdigest()), variant)
    return found


def said_of_all(table: pd.DataFrame, representative: Mapping[str, str]) -> pd.DataFrame:
    """Repeat the rows of representatives for the variants that they stand for.

    Parameters
    ----------
    table : DataFrame
        Rows of representatives, with the column ``variant``.

    Examples
    --------
    >>> table = pd.DataFrame({"variant": ["a", "c"], "value": [1, 2]})
    >>> said_of_all(table, {"a": "a", "b": "a", "c": "c"})["variant"].tolist()
    ['a', 'b', 'c']
    """
    parts = dict(iter(table.groupby("variant", sort=False)))
    repeated = [
        parts[stands].assign(variant=variant)
        for variant, stands in representative.items()
        if stands in parts
    ]
    if not repeated:
        return table
    return pd.concat(repeated, ignore_index=True).astype({"variant": table["variant"].dtype})
