"""Bytes a document of indices of the same name."""

from collections.abc import Sequence

import pandas as pd

from bench.runs.folder import RunFolder

#: Where each kind tells what its indices take, and the columns that name an index.
SIZE_TABLES = {
    "experiment": ("variants", ["variant"]),
    "scoring": ("indices", ["index"]),
    "engines": ("indices", ["engine", "variant"]),
    "scale": ("sizes", ["variant", "origin", "documents"]),
    "hashes": ("indices", ["index"]),
    "remedies": ("indices", ["index"]),
    "nodes": ("indices", ["index"]),
    "sweep": ("confirmed", ["variant", "layout", "codec"]),
}


def sizes_of(folder: RunFolder, kind: str) -> "pd.Series[float]":
    """Bytes a document by index; empty where a kind builds none that it names."""
    if kind not in SIZE_TABLES:
        return pd.Series(dtype=float)
    name, keys = SIZE_TABLES[kind]
    table = folder.table(name).dropna(subset=["store_bytes"])
    return pd.Series(
        (table["store_bytes"] / table["documents"]).to_numpy(),
        index=named(table, keys),
        dtype=float,
    )


def named(table: pd.DataFrame, keys: Sequence[str]) -> list[str]:
    """The names of the rows of a table: its columns of keys, joined."""
    joined = table[keys[0]].astype(str)
    for key in keys[1:]:
        joined = joined + ", " + table[key].astype(str)
    return joined.to_list()


def compare_sizes(a: "pd.Series[float]", b: "pd.Series[float]") -> pd.DataFrame:
    """One row an index that both have: ``index``, bytes a document, ``ratio`` of B to A."""
    both = [name for name in a.index if name in b.index]
    of_a, of_b = a.loc[both].to_numpy(), b.loc[both].to_numpy()
    return pd.DataFrame({"index": both, "a": of_a, "b": of_b, "ratio": of_b / of_a})
