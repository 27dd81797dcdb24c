"""What was checked of a result, and whether it holds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

#: Relative difference up to which numbers agree where there is a reason for any.
ROUNDING = 1e-9
#: Such a reason.
KERNELS = "BLAS, LAPACK and vector functions round by processor"


@dataclass(frozen=True)
class Check:
    """One thing that a result claims, named for what must hold.

    `found` tells figures where it holds, and the first things that differ where it does not.
    """

    name: str
    holds: bool
    found: str

    def describe(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


def agree(name: str, problems: Iterable[str], found: str) -> Check:
    """A check that holds where there are no problems."""
    told = list(problems)
    if not told:
        return Check(name, True, found)
    more = f"; and {len(told) - 3} more" if len(told) > 3 else ""
    return Check(name, False, "; ".join(told[:3]) + more)


def same_table(name: str, stored: pd.DataFrame, again: pd.DataFrame, rounding: str = "") -> Check:
    """Whether a stored table is the one that its raw rows give, to the last bit.

    `rounding` is a reason why numbers may differ by `ROUNDING`: what NumPy, BLAS and LAPACK do
    with vectors differs in the last bits between processors.
    """
    what = f"{name} follows from the raw rows"
    if list(stored.columns) != list(again.columns):
        differing = set(stored.columns) ^ set(again.columns)
        return Check(what, False, f"columns differ: {', '.join(sorted(differing)) or 'order'}")
    if len(stored) != len(again):
        return Check(what, False, f"{len(stored):,} rows are stored, {len(again):,} are recomputed")
    problems, furthest = [], 0.0
    for column in stored:
        old, new = stored[column], again[column]
        if pd.api.types.is_float_dtype(old) and pd.api.types.is_float_dtype(new):
            difference = _relative_differences(old.to_numpy(), new.to_numpy())
            furthest = max(furthest, float(difference.max(initial=0.0)))
            wrong = difference > (ROUNDING if rounding else 0)
        else:
            wrong = (old.astype(object) != new.astype(object)).to_numpy()
        if wrong.any():
            row = int(np.argmax(wrong))
            problems.append(
                f"{column}: {wrong.sum():,} rows differ, first in row {row}: "
                f"{old.iloc[row]!r} is stored, {new.iloc[row]!r} comes out"
            )
    rows = f"{len(stored):,} rows"
    close = f"{rows}, equal within {furthest:.0e} ({rounding})"
    return agree(what, problems, close if furthest else f"{rows}, identical")


def same_tables(
    stored: Mapping[str, pd.DataFrame], again: Mapping[str, pd.DataFrame], rounding: str = ""
) -> Iterator[Check]:
    """Whether stored tables are those that their raw rows give."""
    for name, table in again.items():
        if name in stored:
            yield same_table(name, stored[name], table, rounding)
        else:
            yield Check(f"{name} follows from the raw rows", False, "the run has no such table")


def _relative_differences(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Of each pair; 0 where both are missing or the same, infinite where only one is missing."""
    same = (old == new) | (np.isnan(old) & np.isnan(new))
    with np.errstate(invalid="ignore"):
        difference = np.abs(old - new) / np.maximum(np.maximum(np.abs(old), np.abs(new)), 1e-300)
    difference = np.where(np.isfinite(difference), difference, np.inf)
    return np.where(same, 0.0, difference)
