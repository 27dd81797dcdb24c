"""The table ``gallery`` of a run: pairs of query and document worth a look, chosen by fixed rules.

In most of them score and distance disagree. What each ranking accepts is decided by its cutoff for
90 % precision, as the run tuned it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bench.index.variant import Variant
from bench.signing.sign import Signed
from imgsig import normalized_distance
from imgsig.layouts import get_layout

#: Cases of a kind, each of another scene and another edit.
PER_KIND = 3

#: Columns of the table, with their types.
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


@dataclass(frozen=True)
class Kind:
    """A kind of pairs: what it shows, how it is chosen, which pairs are in it, which come first.

    `order` lists columns and whether they ascend.
    """

    title: str
    rule: str
    member: Callable[[pd.DataFrame], "pd.Series[bool]"]
    order: tuple[tuple[str, bool], ...]


def _right(pairs: pd.DataFrame) -> "pd.Series[bool]":
    return pairs["relation"] == "right"


#: By name in the table `gallery`, in the order shown.
KINDS = {
    "score_accepts_only": Kind(
        "High score, large distance",
        "Accepted by score, refused by distance; the largest distances.",
        lambda pairs: pairs["score_accepts"] & ~pairs["distance_accepts"],
        (("distance", False), ("score", False)),
    ),
    "distance_accepts_only": Kind(
        "Low score, small distance",
        "Accepted by distance, refused by score; the smallest distances.",
        lambda pairs: pairs["distance_accepts"] & ~pairs["score_accepts"],
        (("distance", True), ("score", True)),
    ),
    "score_first_only": Kind(
        "Right answer first by score only",
        "No document scores higher, but some are nearer; the largest distances.",
        lambda pairs: _right(pairs) & (pairs["score_rank"] == 1) & (pairs["distance_rank"] > 1),
        (("distance", False), ("score", False)),
    ),
    "distance_first_only": Kind(
        "Right answer first by distance only",
        "No document is nearer, but some score higher; the lowest scores.",
        lambda pairs: _right(pairs) & (pairs["distance_rank"] == 1) & (pairs["score_rank"] > 1),
        (("score", True), ("distance", True)),
    ),
    "missed_by_both": Kind(
        "Right answer missed by both",
        "Refused by both, or not among the hits at all; the largest distances.",
        lambda pairs: _right(pairs) & ~pairs["score_accepts"] & ~pairs["distance_accepts"],
        (("distance", False), ("score", True)),
    ),
    "wrong_highest_score": Kind(
        "Wrong answers of the highest score",
        "Not the picture that was edited; the highest scores.",
        lambda pairs: pairs["relation"] == "wrong",
        (("score", False), ("distance", True)),
    ),
    "wrong_smallest_distance": Kind(
        "Wrong answers of the smallest distance",
        "Not the picture that was edited; the smallest distances.",
        lambda pairs: pairs["relation"] == "wrong",
        (("distance", True), ("score", False)),
    ),
}


def choose_pairs(
    pairs: pd.DataFrame, score_cutoff: float, distance_cutoff: float
) -> list[tuple[str, int, "pd.Series[float]", "pd.Series[float] | None"]]:
    """Choose cases of every kind: kind, number in it, the pair, and its counterpart if any.

    `pairs` has one row per query and document: ``query``, ``doc``, ``relation`` (``right`` or
    ``wrong``), ``score``, ``distance``, ``score_rank``, ``distance_rank`` (−1 where it was not a
    hit), ``group`` (scene of the query) and ``transform``. A score is accepted from its cutoff on,
    a distance up to its own; NaN accepts nothing. The counterpart of a right pair is the query's
    wrong one of the highest score (then the nearest, then the first document), that of a wrong pair
    the right one.
    """
    pairs = pairs.assign(
        score_accepts=(pairs["score_rank"] > 0) & (pairs["score"] >= score_cutoff),
        distance_accepts=(pairs["distance_rank"] > 0) & (pairs["distance"] <= distance_cutoff),
    ).reset_index(drop=True)
    beside = {
        relation: own.sort_values(["query", "score", "distance", "doc"],
                                  ascending=[True, False, True, True], kind="stable")
        .drop_duplicates("query").set_index("query")
        for relation, own in pairs.groupby("relation")
    }  # fmt: skip
    chosen = []
    for name, kind in KINDS.items():
        columns = [column for column, _ in kind.order]
        ascending = [up for _, up in kind.order]
        own = pairs[kind.member(pairs)].sort_values(
            [*columns, "query", "doc"], ascending=[*ascending, True, True], kind="stable"
        )
        # The first of each scene, then of each edit, so that examples differ.
        own = own.drop_duplicates("group").drop_duplicates("transform").head(PER_KIND)
        for number, (_, pair) in enumerate(own.iterrows()):
            others = beside.get("wrong" if pair["relation"] == "right" else "right")
            has = others is not None and pair["query"] in others.index
            counterpart = others.loc[pair["query"]] if others is not None and has else None
            chosen.append((name, number, pair, counterpart))
    return chosen


def gallery_table(
    tables: Mapping[str, pd.DataFrame], variants: Sequence[Variant], signed: Signed
) -> pd.DataFrame:
    """Example pairs of the first variant that ranks by distance; no row where none does.

    A case has one row with ``side`` ``about`` and, where it has a counterpart, one with ``beside``.
    Ranks count from 1, and ties share the best; −1 means that the document was not a hit, so that
    score and distance were computed without the engine. Signatures are bytes, one ``int8`` a value.
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
        number = int(about["query"])
        query = queries.loc[number]
        for side, pair in (("about", about), ("beside", beside)):
            if pair is None:
                continue
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
    """Hits that are right or wrong, and the right answers that were not hits."""
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
