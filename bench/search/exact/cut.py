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
    answers = dict(iter(pd.Series(truth.doc[right]).groupby(truth.query[right])))
    numbers = signed.queries["query"].to_numpy()[rows]
    hits = dict(iter(candidates.groupby("variant", sort=False)))
    found: list[dict[str, object]] = []
    for variant in variants:
        matcher = get_layout(variant.layout).matcher
        if not matcher.exact or variant.index_name not in hits:
            continue
        scorer = matcher.scorer(variant.scheme, signed.database)
        lists = hits[variant.index_name].groupby("query", sort=False)
        full = lists["score"].agg(["size", "min"])
        last = full.loc[full["size"] >= size, "min"].to_dict()
        own = dict(iter(lists[["doc", "score"]]))
        for row, query in enumerate(numbers.tolist()):
            if query not in last:
                continue
            scores = scorer(signed.query_signatures[rows[row]])
            docs = answers.get(row, pd.Series(dtype=np.int64)).to_numpy()
            at_last = own[query].loc[own[query]["score"] == last[query], "doc"]
            found.append(
                {
                    "variant": variant.index_name,
                    "query": query,
                    "score": last[query],
                    "kept": len(at_last),
                    "tied": int((scores == last[query]).sum()),
                    "right_kept": int(np.isin(docs, at_last).sum()),
                    "right_tied": int((scores[docs] == last[query]).sum()),
                }
            )
    table = pd.DataFrame(found, columns=["variant", "query", *COLUMNS])
    return table.astype(dict.fromkeys(("query", *COLUMNS), "int64"))
