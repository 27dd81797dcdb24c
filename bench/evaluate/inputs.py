"""The tables an evaluation reads: checked, and the queries as arrays."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bench.evaluate.arrays import Bools, Integers
from bench.evaluate.settings import EvaluationSettings

ALL = "all"
"""Name of the rows over all transforms and over both halves."""

HALVES = ("tune", "report")
STATUSES = ("ok", "failed")
RELATIONS = ("right", "ignored", "wrong")

QUERY_COLUMNS = (
    *("query", "in_database", "transform", "strength"),
    *("photo", "group", "half", "status"),
)
CANDIDATE_COLUMNS = ("variant", "query", "rank", "doc", "score", "distance", "relation")

PARTS = {"stratum": "stratum", "origin": "origin", "kind": "kind", "texture": "texture_decile"}
"""Columns of the queries, if they have them, by which measures are told apart; their names."""

UNKNOWN_DECILE = 0

OPTIONAL_DISTANCES = ("distance", "sign_distance")
"""Columns that are NaN throughout a variant that has no such distance."""

# The normalized distance is at most 1 by the triangle inequality, give or take rounding.
_LARGEST_DISTANCE = 1 + 1e-6


class EvaluationInputError(ValueError):
    """A table cannot be evaluated; the message names the column, the value and the remedy."""


def check_queries(queries: pd.DataFrame) -> pd.DataFrame:
    """Check the queries and return them sorted by ``query``, index 0, 1, ….

    One row a query, columns `QUERY_COLUMNS`; and ``n_right`` (int, right answers in the database)
    and ``family`` (str, of transforms) if they are known.
    """
    _require_columns("queries", queries, QUERY_COLUMNS)
    if queries.empty:
        raise EvaluationInputError("queries has no rows; there is nothing to evaluate")
    _require_complete("queries", queries, [c for c in QUERY_COLUMNS if c != "strength"])
    if not pd.api.types.is_integer_dtype(queries["query"]):
        raise EvaluationInputError(f"queries.query is {queries['query'].dtype}; use integers")
    if not pd.api.types.is_bool_dtype(queries["in_database"]):
        dtype = queries["in_database"].dtype
        raise EvaluationInputError(f"queries.in_database is {dtype}; use booleans")
    _require_values("queries.half", queries["half"], HALVES)
    _require_values("queries.status", queries["status"], STATUSES)
    if (queries["transform"] == ALL).any():
        raise EvaluationInputError(
            f"queries.transform is {ALL!r}, the name of the rows over every transform; "
            "rename the transform"
        )
    _require_unique("queries", queries, ["query"])
    if "family" in queries.columns:
        _require_complete("queries", queries, ["family"])
    _require_complete("queries", queries, [c for c in PARTS.values() if c in queries.columns])
    if "n_right" in queries.columns:
        _require_right_answers(queries)
    halves = queries.groupby("group", observed=True)["half"].nunique()
    if (halves > 1).any():
        raise EvaluationInputError(
            f"queries.group {halves.index[halves > 1][0]!r} is in both halves; cutoffs would be "
            "tuned on the photographs they are reported on: put a whole group in one half"
        )
    return queries.sort_values("query", kind="stable", ignore_index=True)


def _require_right_answers(queries: pd.DataFrame) -> None:
    n_right = queries["n_right"]
    if not pd.api.types.is_integer_dtype(n_right):
        raise EvaluationInputError(f"queries.n_right is {n_right.dtype}; use integers")
    wrong = (n_right < 0) | (queries["in_database"] != (n_right > 0))
    if wrong.any():
        first = queries[wrong].iloc[0]
        raise EvaluationInputError(
            f"query {first['query']} has n_right {first['n_right']} and in_database "
            f"{first['in_database']}; it must be 1 or more where in_database is True, else 0"
        )


def check_candidates(
    candidates: pd.DataFrame,
    queries: pd.DataFrame,
    word_counts: Mapping[str, int],
    settings: EvaluationSettings,
) -> pd.DataFrame:
    """Check the candidates and return them in order, with the row of their query.

    One row a query-candidate pair, columns `CANDIDATE_COLUMNS`, and ``sign_distance`` if it is
    known. They come back sorted by variant, query and rank, with the column ``row``.
    """
    _require_columns("candidates", candidates, CANDIDATE_COLUMNS)
    _require_complete("candidates", candidates, [c for c in CANDIDATE_COLUMNS if c != "distance"])
    for column in ("query", "rank", "doc", "score"):
        if len(candidates) and not pd.api.types.is_integer_dtype(candidates[column]):
            raise EvaluationInputError(
                f"candidates.{column} is {candidates[column].dtype}; use integers"
            )
    _require_word_counts(word_counts)
    _require_values("candidates.variant", candidates["variant"], list(word_counts))
    _require_values("candidates.relation", candidates["relation"], RELATIONS)
    _require_unique("candidates", candidates, ["variant", "query", "doc"])
    _require_unique("candidates", candidates, ["variant", "query", "rank"])

    table = candidates.sort_values(["variant", "query", "rank"], ignore_index=True)
    row = pd.Index(queries["query"]).get_indexer(pd.Index(table["query"]))
    if (row < 0).any():
        raise EvaluationInputError(
            f"candidates.query {table['query'][int(np.argmin(row))]} is not in queries; "
            "give both tables of the same run"
        )
    table["row"] = row
    _require_ranges(table, word_counts, settings.n_candidates)
    _require_agreement(table, queries)
    return table


def _require_word_counts(word_counts: Mapping[str, int]) -> None:
    if not word_counts:
        raise EvaluationInputError("word_counts is empty; name each variant and its N")
    for variant, n_words in word_counts.items():
        if n_words < 1:
            raise EvaluationInputError(
                f"word_counts of {variant!r} is {n_words}; N must be at least 1"
            )


def _require_ranges(table: pd.DataFrame, word_counts: Mapping[str, int], n_candidates: int) -> None:
    limit = table["variant"].map(dict(word_counts)).astype(np.int64)
    outside = []
    for column in OPTIONAL_DISTANCES:
        if column in table.columns:
            _require_all_or_none(table, column)
            distance = table[column].astype(np.float64)
            bad = distance.notna() & ~distance.between(0, _LARGEST_DISTANCE)
            outside.append((column, bad, "0 to 1"))
    same = (table["variant"] == table["variant"].shift()) & (table["row"] == table["row"].shift())
    for column, bad, allowed in (
        ("rank", (table["rank"] < 0) | (table["rank"] >= n_candidates),
         f"0 to {n_candidates - 1}; n_candidates is the size of the search"),
        ("score", (table["score"] < 1) | (table["score"] > limit),
         "1 to the N of its variant in word_counts"),
        *outside,
        ("score", same & (table["score"] > table["score"].shift()),
         "at most the score one rank above; give the hits in the engine's order"),
    ):  # fmt: skip
        if bad.any():
            first = table[bad].iloc[0]
            raise EvaluationInputError(
                f"candidates.{column} is {first[column]} for variant {first['variant']!r}, query "
                f"{first['query']}, doc {first['doc']}; it must be {allowed}"
            )


def _require_all_or_none(table: pd.DataFrame, column: str) -> None:
    by_variant = table[column].notna().groupby(table["variant"], observed=True)
    mixed = by_variant.any() & ~by_variant.all()
    if mixed.any():
        raise EvaluationInputError(
            f"candidates.{column} is NaN in some rows of variant {mixed.index[mixed][0]!r} only; "
            "give a distance for every hit or, where no signature is stored, for none"
        )


def _require_agreement(table: pd.DataFrame, queries: pd.DataFrame) -> None:
    row = table["row"].to_numpy()
    failed = (queries["status"] == "failed").to_numpy()[row]
    right = (table["relation"] == "right").to_numpy()
    n_right = queries["n_right" if "n_right" in queries.columns else "in_database"]
    allowed = n_right.to_numpy(dtype=np.int64)[row]
    place = np.zeros(len(table), dtype=np.int64)
    place[right] = table[right].groupby(["variant", "query"], observed=True).cumcount() + 1
    absent = right & (allowed == 0)
    for bad, problem in (
        (failed, "has candidates, but its status is 'failed'; a failed query has none"),
        (absent, "has a right candidate, but in_database is False; correct one of them"),
        (place > allowed, "has more right candidates in a variant than n_right (1 where the column "
         "is missing) allows; give n_right, or mark the others 'ignored'"),
    ):  # fmt: skip
        if bad.any():
            raise EvaluationInputError(f"query {table['query'][int(np.argmax(bad))]} {problem}")


def _require_columns(name: str, table: pd.DataFrame, columns: Collection[str]) -> None:
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise EvaluationInputError(
            f"{name} lacks the columns {', '.join(missing)}; it needs {', '.join(columns)}"
        )


def _require_complete(name: str, table: pd.DataFrame, columns: Collection[str]) -> None:
    for column in columns:
        if table[column].isna().any():
            raise EvaluationInputError(f"{name}.{column} has missing values; fill them")


def _require_values(name: str, values: pd.Series, allowed: Collection[str]) -> None:
    unknown = values[~values.isin(list(allowed))]
    if len(unknown):
        raise EvaluationInputError(
            f"{name} is {unknown.iloc[0]!r}; it must be one of {', '.join(allowed)}"
        )


def _require_unique(name: str, table: pd.DataFrame, key: list[str]) -> None:
    twice = table.duplicated(key)
    if twice.any():
        first = table.loc[twice, key].iloc[0].to_dict()
        raise EvaluationInputError(f"{name} lists {first} twice; each must appear once")


@dataclass(frozen=True)
class Queries:
    """The queries of an evaluation."""

    number: Integers  # int64[q]: increasing
    #: int64[q]: right answers in the database. Failed queries keep theirs: they are misses.
    n_right: Integers
    group: Integers  # int64[q]: numbered from 0 in the order of the groups' names
    signed: Bools  # bool[q]: whether a signature could be made, so that it was searched for
    #: bool[q] for `ALL` and for each transform by name. Queries without a right answer belong to
    #: the transform they were made with, like the others.
    transforms: dict[str, Bools]
    halves: dict[str, Bools]  # bool[q] for `ALL` and each half
    #: bool[q] for each column of `PARTS` that tells queries apart, and each value of it
    parts: dict[tuple[str, str], Bools]

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
        halves={ALL: every} | {half: (queries["half"] == half).to_numpy() for half in HALVES},
        parts=_parts(queries),
    )


def _parts(queries: pd.DataFrame) -> dict[tuple[str, str], Bools]:
    found: dict[tuple[str, str], Bools] = {}
    for name, column in PARTS.items():
        if column not in queries.columns:
            continue
        own = queries[column].to_numpy()
        if column == "kind":  # tiles of all sizes are one part
            own = np.where(queries["kind"].str.startswith("tile"), "tile", "whole")
        values = [value for value in np.unique(own) if value != UNKNOWN_DECILE]
        if len(values) > 1:
            found |= {(name, str(value)): own == value for value in values}
    return found
