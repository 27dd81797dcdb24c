"""Which pairs of a query and a document are worth a look, by rules that leave nothing to taste.

Most pairs are those about which score and distance disagree. What each ranking accepts is told by
its cutoff for 90 % precision, as the run tuned it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

#: Cases of a kind; a scene and an edit come once in each.
PER_KIND = 3


@dataclass(frozen=True)
class Kind:
    """A kind of pairs.

    Parameters
    ----------
    title : str
        What they show.
    rule : str
        How they are chosen, for a reader.
    member : callable
        From pairs to which of them are of the kind.
    order : tuple of (str, bool)
        Columns, and whether the smallest comes first; the first pairs are taken.
    """

    title: str
    rule: str
    member: Callable[[pd.DataFrame], "pd.Series[bool]"]
    order: tuple[tuple[str, bool], ...]


def _right(pairs: pd.DataFrame) -> "pd.Series[bool]":
    return pairs["relation"] == "right"


def _wrong(pairs: pd.DataFrame) -> "pd.Series[bool]":
    return pairs["relation"] == "wrong"


#: By the name that the table `gallery` uses; in the order in which they are shown.
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
        _wrong,
        (("score", False), ("distance", True)),
    ),
    "wrong_smallest_distance": Kind(
        "Wrong answers of the smallest distance",
        "Not the picture that was edited; the smallest distances.",
        _wrong,
        (("distance", True), ("score", False)),
    ),
}


def choose_pairs(
    pairs: pd.DataFrame, score_cutoff: float, distance_cutoff: float
) -> list[tuple[str, int, "pd.Series[float]", "pd.Series[float] | None"]]:
    """Choose cases of every kind, and what to set beside each.

    Parameters
    ----------
    pairs : DataFrame
        One row a query and document: ``query``, ``doc``, ``relation`` (``right`` or ``wrong``),
        ``score``, ``distance``, ``score_rank``, ``distance_rank`` (−1 where it was no hit),
        ``group`` (scene of the query) and ``transform``.
    score_cutoff, distance_cutoff : float
        What each ranking accepts: scores from, and distances up to. NaN accepts nothing.

    Returns
    -------
    list of (str, int, Series, Series or None)
        Kind, number of the case in it, the pair that it is about, and the counterpart: beside a
        right pair the query's wrong one of the highest score (of these the nearest, then the first
        document), beside a wrong pair its right one.
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
        # The first of each scene, then of each edit: the examples differ.
        own = own.drop_duplicates("group").drop_duplicates("transform").head(PER_KIND)
        for number, (_, pair) in enumerate(own.iterrows()):
            others = beside.get("wrong" if pair["relation"] == "right" else "right")
            has = others is not None and pair["query"] in others.index
            counterpart = others.loc[pair["query"]] if others is not None and has else None
            chosen.append((name, number, pair, counterpart))
    return chosen
