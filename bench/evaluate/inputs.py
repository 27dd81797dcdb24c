"""Checks of the tables an evaluation reads."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from bench.evaluate.settings import EvaluationSettings

ALL = "all"
"""Name of the rows over all transforms and over both halves."""

HALVES = ("tune", "report")
STATUSES = ("ok", "failed")
RELATIONS = ("right", "ignored", "wrong")

QUERY_COLUMNS = (
    "query",
    "in_database",
    "transform",
    "strength",
    "photo",
    "group",
    "half",
    "status",
)
CANDIDATE_COLUMNS = ("variant", "query", "rank", "doc", "score", "distance", "relation")

# The normalized distance is at most 1 by the triangle inequality, give or take rounding.
_LARGEST_DISTANCE = 1 + 1e-6


class EvaluationInputError(ValueError):
    """A table cannot be evaluated; the message names the column, the value and the remedy."""


def check_queries(queries: pd.DataFrame) -> pd.DataFrame:
    """Check the queries and return them sorted by ``query``, index 0, 1, ….

    Parameters
    ----------
    queries : DataFrame
        One row a query, columns `QUERY_COLUMNS`.

    Returns
    -------
    DataFrame

    Raises
    ------
    EvaluationInputError
        A column is missing, a value is not one of those allowed, a query is listed twice, or a
        group has queries in both halves.
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
    halves = queries.groupby("group", observed=True)["half"].nunique()
    if (halves > 1).any():
        raise EvaluationInputError(
            f"queries.group {halves.index[halves > 1][0]!r} is in both halves; cutoffs would be "
            "tuned on the photographs they are reported on: put a whole group in one half"
        )
    return queries.sort_values("query", kind="stable", ignore_index=True)


def check_candidates(
    candidates: pd.DataFrame,
    queries: pd.DataFrame,
    word_counts: Mapping[str, int],
    settings: EvaluationSettings,
) -> pd.DataFrame:
    """Check the candidates and return them in order, with the row of their query.

    Parameters
    ----------
    candidates : DataFrame
        One row a query-candidate pair, columns `CANDIDATE_COLUMNS`.
    queries : DataFrame
        Checked queries.
    word_counts : mapping of str to int
        N of each variant.
    settings : EvaluationSettings
        For `n_candidates`.

    Returns
    -------
    DataFrame
        Sorted by variant, query and rank, with the column ``row``.

    Raises
    ------
    EvaluationInputError
        A column is missing, a value is out of its range, a pair is listed twice, or the
        candidates contradict the queries.
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
    distance = table["distance"].astype(np.float64)
    stored = distance.notna()
    by_variant = stored.groupby(table["variant"], observed=True)
    mixed = by_variant.any() & ~by_variant.all()
    if mixed.any():
        raise EvaluationInputError(
            f"candidates.distance is NaN in some rows of variant {mixed.index[mixed][0]!r} only; "
            "give a distance for every hit or, where no signature is stored, for none"
        )
    same = (table["variant"] == table["variant"].shift()) & (table["row"] == table["row"].shift())
    for column, bad, allowed in (
        ("rank", (table["rank"] < 0) | (table["rank"] >= n_candidates),
         f"0 to {n_candidates - 1}; n_candidates is the size of the search"),
        ("score", (table["score"] < 1) | (table["score"] > limit),
         "1 to the N of its variant in word_counts"),
        ("distance", stored & ~distance.between(0, _LARGEST_DISTANCE), "0 to 1"),
        ("score", same & (table["score"] > table["score"].shift()),
         "at most the score one rank above; give the hits in the engine's order"),
    ):  # fmt: skip
        if bad.any():
            first = table[bad].iloc[0]
            raise EvaluationInputError(
                f"candidates.{column} is {first[column]} for variant {first['variant']!r}, query "
                f"{first['query']}, doc {first['doc']}; it must be {allowed}"
            )


def _require_agreement(table: pd.DataFrame, queries: pd.DataFrame) -> None:
    row = table["row"].to_numpy()
    failed = (queries["status"] == "failed").to_numpy()[row]
    right = (table["relation"] == "right").to_numpy()
    twice = np.zeros(len(table), dtype=np.bool_)
    twice[right] = table[right].duplicated(["variant", "query"])
    absent = right & ~queries["in_database"].to_numpy()[row]
    for bad, problem in (
        (failed, "has candidates, but its status is 'failed'; a failed query has none"),
        (absent, "has a right candidate, but in_database is False; correct one of them"),
        (twice, "has more than one right candidate in a variant; one is the right answer, mark the "
         "others 'ignored'"),
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
