"""What the last place of a list cuts off: documents of the last hit's score.

An engine that is asked for K hits returns the best K; which of the documents of the K-th score are
among them depends on the order in which they were indexed. How many there are is counted here over
the whole database, so that a right answer at that score can be counted as cut off, as returned, or
by its chance.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from bench.index.variant import Variant
from bench.search.exact.truth import RIGHT, find_truth, signed_rows
from bench.signing.sign import Signed
from imgsig.layouts import get_layout

COLUMNS = ("score", "kept", "tied", "right_kept", "right_tied")


def cut_table(
    variants: Iterable[Variant], candidates: pd.DataFrame, signed: Signed, size: int
) -> pd.DataFrame:
    """One row a variant and query whose list is full.

    ``score`` of its last hit; ``kept`` hits have it, ``tied`` documents; ``right_kept`` and
    ``right_tied`` of these are right. Variants whose hits are not those of an exact search have no
    rows.
    """
    truth, rows = find_truth(signed), signed_rows(signed)
    right = truth.code == RIGHT
    answers = pd.Series(truth.doc[right]).groupby(truth.query[right]).apply(np.array).to_dict()
    numbers = signed.queries["query"].to_numpy()[rows]
    row_of = pd.Series(np.arange(len(rows)), index=numbers)
    hits = dict(iter(candidates.groupby("variant", sort=False)))
    found: list[tuple[object, ...]] = []
    for variant in variants:
        matcher = get_layout(variant.layout).matcher
        if not matcher.exact or variant.index_name not in hits:
            continue
        own = hits[variant.index_name]
        lists = own.groupby("query")["score"].agg(["size", "min"])
        last = lists.loc[lists["size"] >= size, "min"]
        at_last = own[own["score"] == own["query"].map(last)]
        codes = truth.of(row_of[at_last["query"]].to_numpy(), at_last["doc"].to_numpy())
        kept = pd.Series(codes == RIGHT).groupby(at_last["query"].to_numpy()).agg(["size", "sum"])
        scorer = matcher.scorer(variant.scheme, signed.database)
        for row, query in enumerate(numbers.tolist()):
            if query not in last.index:
                continue
            score, (n_kept, right_kept) = last[query], kept.loc[query]
            tied = scorer(signed.query_signatures[rows[row]]) == score
            right_tied = tied[answers.get(row, [])].sum()
            found.append(
                (variant.index_name, query, score, n_kept, tied.sum(), right_kept, right_tied)
            )
    table = pd.DataFrame(found, columns=["variant", "query", *COLUMNS])
    return table.astype(dict.fromkeys(("query", *COLUMNS), "int64"))
