"""The queries as arrays, and the parts of them that are measured apart."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bench.evaluate.arrays import Bools, Integers
from bench.evaluate.inputs import ALL, HALVES


@dataclass(frozen=True)
class Queries:
    """The queries of an evaluation.

    Parameters
    ----------
    number : int64[q]
        The query numbers, increasing.
    in_database : bool[q]
        Whether the right answer is in the database. Failed queries stay in: they are misses.
    group : int64[q]
        Group of each query, numbered from 0 in the order of the groups' names.
    transforms : dict of str to bool[q]
        For `ALL` and for each transform, by name, its queries. Those without a right answer
        belong to the transform they were made with, like the others.
    halves : dict of str to bool[q]
        For `ALL` and each half, its queries.
    """

    number: Integers
    in_database: Bools
    group: Integers
    transforms: dict[str, Bools]
    halves: dict[str, Bools]

    def __len__(self) -> int:
        return len(self.number)

    @property
    def n_groups(self) -> int:
        """The number of groups, the units that are resampled."""
        return int(self.group.max()) + 1


def read_queries(queries: pd.DataFrame) -> Queries:
    """Turn checked queries into arrays.

    Parameters
    ----------
    queries : DataFrame
        As `bench.evaluate.inputs.check_queries` returns it.

    Returns
    -------
    Queries
    """
    every = np.ones(len(queries), dtype=np.bool_)
    transform = queries["transform"].astype(str)
    # Sorted names, so that a resample does not depend on the order of the rows.
    _, group = np.unique(queries["group"].astype(str).to_numpy(dtype=object), return_inverse=True)
    return Queries(
        number=queries["query"].to_numpy(dtype=np.int64),
        in_database=queries["in_database"].to_numpy(dtype=np.bool_),
        group=group.astype(np.int64),
        transforms={ALL: every}
        | {name: (transform == name).to_numpy() for name in sorted(transform.unique())},
        halves={ALL: every} | {half: (queries["half"] == half).to_numpy() for half in HALVES},
    )
