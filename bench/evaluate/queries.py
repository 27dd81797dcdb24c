"""The queries as arrays, and the parts of them that are measured apart."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.evaluate.arrays import Bools, Floats, Integers
from bench.evaluate.inputs import ALL, HALVES


@dataclass(frozen=True)
class Queries:
    """The queries of an evaluation.

    Parameters
    ----------
    number : int64[q]
        The query numbers, increasing.
    n_right : int64[q]
        Right answers in the database; 0 where there are none. Failed queries keep theirs: they
        are misses.
    group : int64[q]
        Group of each query, numbered from 0 in the order of the groups' names.
    signed : bool[q]
        Whether a signature could be made of the query, so that it was searched for.
    transforms : dict of str to bool[q]
        For `ALL` and for each transform, by name, its queries. Those without a right answer
        belong to the transform they were made with, like the others.
    strengths : dict of (str, float) to bool[q]
        For each family of transforms and strength, in this order, its queries.
    halves : dict of str to bool[q]
        For `ALL` and each half, its queries.
    """

    number: Integers
    n_right: Integers
    group: Integers
    signed: Bools
    transforms: dict[str, Bools]
    strengths: dict[tuple[str, float], Bools]
    halves: dict[str, Bools]

    def __len__(self) -> int:
        return len(self.number)

    @property
    def in_database(self) -> Bools:
        """Whether a right answer is in the database: ``bool[q]``."""
        return self.n_right > 0

    @property
    def n_groups(self) -> int:
        """The number of groups, the units that are resampled."""
        return int(self.group.max()) + 1


def read_queries(queries: pd.DataFrame) -> Queries:
    """Turn checked queries into arrays."""
    every = np.ones(len(queries), dtype=np.bool_)
    transform = queries["transform"].astype(str)
    family = queries["family"].astype(str) if "family" in queries.columns else transform
    strength = queries["strength"].to_numpy(dtype=np.float64)
    n_right = queries["n_right" if "n_right" in queries.columns else "in_database"]
    # Sorted names, so that a resample does not depend on the order of the rows.
    _, group = np.unique(queries["group"].astype(str).to_numpy(dtype=object), return_inverse=True)
    return Queries(
        number=queries["query"].to_numpy(dtype=np.int64),
        n_right=n_right.to_numpy(dtype=np.int64),
        group=group.astype(np.int64),
        signed=(queries["status"] == "ok").to_numpy(),
        transforms={ALL: every}
        | {name: (transform == name).to_numpy() for name in sorted(transform.unique())},
        strengths=_by_strength(family.to_numpy(dtype=object), strength),
        halves={ALL: every} | {half: (queries["half"] == half).to_numpy() for half in HALVES},
    )


def _by_strength(family: NDArray[np.object_], strength: Floats) -> dict[tuple[str, float], Bools]:
    found: dict[tuple[str, float], Bools] = {}
    for name in np.unique(family):
        own = family == name
        for value in np.unique(strength[own]):  # NaN, "has no strength", is one value, the last
            same = np.isnan(strength) if np.isnan(value) else strength == value
            found[str(name), float(value)] = own & same
    return found
