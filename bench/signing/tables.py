"""Tables of the documents, the queries and the relations that pairs and benchmarks list."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from datasets import Collection, FolderCollection, Original
from datasets.queries import QueryPlan, describe_original
from datasets.relation import IGNORED, RIGHT
from datasets.texture import deciles


def document_path(document: int) -> str:
    """The ``path`` of a document without its own: 18 characters, as published figures had.

    >>> document_path(1234)
    'originals/00001234'
    """
    return f"originals/{document:08d}"


def document_table(
    collection: Collection,
    plan: QueryPlan,
    failed: Mapping[int, str],
    textures: NDArray[np.float64] | None = None,
) -> pd.DataFrame:
    """One row a document, see `bench.signing.sign.Signed`.

    In the order of the plan; those that were signed are numbered from 0. Pictures of a folder have
    paths of their own, from there: how long they are is part of what an index takes.
    """
    rows, number = [], 0
    has_paths = isinstance(collection, FolderCollection)
    for row, position in enumerate(plan.database):
        ok = row not in failed
        original = plan.original_at(collection, position)
        edit = "" if original.edit is None else original.edit.transform.id
        path = f"{original.id}{edit and f'~{row}'}" if has_paths else document_path(number)
        rows.append(
            {
                "doc": number if ok else -1,
                "path": path if ok else "",
                **_describe(original),
                "stratum": collection.stratum(original.photo),
                "copy": edit,
                "status": "ok" if ok else "failed",
                "reason": failed.get(row, ""),
            }
        )
        number += ok
    table = pd.DataFrame(rows)
    found = np.full(len(rows), np.nan) if textures is None else textures
    return table.assign(texture=found, texture_decile=deciles(found, found))


def query_table(
    collection: Collection,
    plan: QueryPlan,
    documents: pd.DataFrame,
    failed: Mapping[int, str],
    textures: NDArray[np.float64] | None = None,
) -> pd.DataFrame:
    """One row a query, see `bench.signing.sign.Signed`; deciles are those of the documents."""
    numbers = _numbers(plan, documents)
    rows = []
    for query in plan.queries:
        right = (query.original,) if query.right is None else query.right
        indexed = [numbers[place] for place in right if numbers.get(place, -1) >= 0]
        rows.append(
            {
                "query": query.number,
                "doc": indexed[0] if indexed else -1,
                **_describe(collection.originals[query.original]),
                "stratum": collection.stratum(collection.originals[query.original].photo),
                "origin": query.origin,
                "transform": query.transform.id,
                "family": query.transform.family,
                "strength": float(query.transform.strength),
                "seed": query.seed,
                "in_database": query.in_database,
                "n_right": query.n_right,
                "half": query.half,
                "status": "failed" if query.number in failed else "ok",
                "reason": failed.get(query.number, ""),
            }
        )
    found = np.full(len(rows), np.nan) if textures is None else textures
    of_documents = documents["texture"].to_numpy()
    return pd.DataFrame(rows).assign(texture=found, texture_decile=deciles(found, of_documents))


def listed_table(plan: QueryPlan, documents: pd.DataFrame) -> pd.DataFrame:
    """One row a pair of query and indexed document that is not wrong, where they are listed.

    ``query``, ``doc`` and ``relation``, see `datasets.relation.Listed`. A right answer that could
    not be signed has no row, but counts in ``n_right``.
    """
    numbers = _numbers(plan, documents)
    rows = [
        (query.number, numbers[place], relation)
        for query in plan.queries
        for places, relation in ((query.right or (), RIGHT), (query.ignored, IGNORED))
        for place in places
        if numbers.get(place, -1) >= 0
    ]
    table = pd.DataFrame(rows, columns=["query", "doc", "relation"])
    return table.astype({"query": np.int64, "doc": np.int64})


def _numbers(plan: QueryPlan, documents: pd.DataFrame) -> dict[int, int]:
    """Document number by position in ``collection.originals``; −1 for those that failed."""
    return dict(zip(plan.database, documents["doc"].tolist(), strict=True))


def _describe(original: Original) -> dict[str, Any]:
    box = original.box or (-1, -1, -1, -1)
    return {
        "original": original.id,
        "kind": describe_original(original),
        "photo": original.photo,
        "group": original.group,
        **dict(zip(("left", "upper", "right", "lower"), box, strict=True)),
    }
