"""The table ``gallery`` of a run: example pairs with the signatures of both sides."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from bench.index.variant import Variant
from bench.report.gallery.choice import choose_pairs
from bench.signing.sign import Signed
from imgsig import normalized_distance
from imgsig.layouts import get_layout

#: Columns of the table, with their kinds.
COLUMNS = {
    "variant": "str",
    "kind": "str",
    "case": "int64",
    "side": "str",
    "query": "int64",
    "doc": "int64",
    "relation": "str",
    "score": "int64",
    "distance": "float64",
    "score_rank": "int64",
    "distance_rank": "int64",
    "query_original": "str",
    "doc_original": "str",
    "transform": "str",
    "strength": "float64",
    "query_signature": "object",
    "doc_signature": "object",
}


def gallery_table(
    tables: Mapping[str, pd.DataFrame], variants: Sequence[Variant], signed: Signed
) -> pd.DataFrame:
    """Choose the example pairs of a run.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``candidates`` and ``cutoffs`` of the run.

    Returns
    -------
    DataFrame
        `COLUMNS`, of the first variant that ranks by distance; no row where there is none. A case
        is one row of ``side`` ``about`` and, where there is something to set beside it, one of
        ``side`` ``beside``. Ranks count from 1, the best of a tie; −1 says that the document was
        no hit, and that score and distance were computed without the engine. Signatures are bytes,
        one ``int8`` a value.
    """
    candidates, cutoffs = tables["candidates"], tables["cutoffs"]
    ranked = candidates.loc[candidates["distance"].notna(), "variant"]
    if ranked.empty:
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    name = str(ranked.iloc[0])
    variant = next(one for one in variants if one.index_name == name)
    own = cutoffs[(cutoffs["variant"] == name) & (cutoffs["target"] == "P90")]
    cutoff = own.set_index("ranking")["cutoff"]
    pairs = _pairs(candidates[candidates["variant"] == name], variant, signed)
    originals = signed.documents.set_index("doc")["original"]
    queries = signed.queries.set_index("query")
    rows = []
    for kind, case, about, beside in choose_pairs(
        pairs, cutoff.get("score", np.nan), cutoff.get("distance", np.nan)
    ):
        for side, pair in (("about", about), ("beside", beside)):
            if pair is None:
                continue
            number = int(about["query"])
            query = queries.loc[number]
            rows.append(
                {
                    **{column: pair.get(column) for column in COLUMNS},
                    "variant": name,
                    "kind": kind,
                    "case": case,
                    "side": side,
                    "query": number,
                    "query_original": query["original"],
                    "doc_original": originals[pair["doc"]],
                    "strength": query["strength"],
                    "query_signature": signed.query_signatures[_row(signed, number)].tobytes(),
                    "doc_signature": signed.database[int(pair["doc"])].tobytes(),
                }
            )
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _row(signed: Signed, number: int) -> int:
    return int(np.flatnonzero(signed.queries["query"].to_numpy() == number)[0])


def _pairs(candidates: pd.DataFrame, variant: Variant, signed: Signed) -> pd.DataFrame:
    """Hits that are right or wrong, and the right answers that were no hits."""
    hits = candidates[candidates["relation"] != "ignored"]
    by_query = hits.groupby("query")
    hits = hits.assign(
        score_rank=by_query["score"].rank(method="min", ascending=False).astype("int64"),
        distance_rank=by_query["distance"].rank(method="min").astype("int64"),
    )
    queries = signed.queries[(signed.queries["status"] == "ok") & (signed.queries["doc"] >= 0)]
    found = hits.loc[hits["relation"] == "right", "query"]
    missed = queries[~queries["query"].isin(found)]
    matcher = get_layout(variant.layout).matcher
    rows = []
    for number, doc in zip(missed["query"], missed["doc"], strict=True):
        signature = signed.query_signatures[_row(signed, int(number))]
        document = signed.database[[int(doc)]]
        rows.append(
            {
                "query": number,
                "doc": doc,
                "relation": "right",
                "score": int(matcher.scorer(variant.scheme, document)(signature)[0]),
                "distance": float(normalized_distance(document, signature)[0]),
                "score_rank": -1,
                "distance_rank": -1,
            }
        )
    both = pd.concat([hits, pd.DataFrame(rows)], ignore_index=True) if rows else hits
    return both.merge(signed.queries[["query", "group", "transform"]], on="query")
