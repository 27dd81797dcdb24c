"""Ground truth by construction, and as listed."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from datasets.collection import Original
from datasets.relation import Listed, Relation

BOXES = st.none() | st.builds(
    lambda x, y, side: (x * side, y * side, (x + 1) * side, (y + 1) * side),
    st.integers(0, 2),
    st.integers(0, 2),
    st.sampled_from([4, 6]),
)
SCENES = {"a1": "a", "a2": "a", "b": "b", "c": "c"}
ORIGINALS = st.lists(
    st.tuples(st.sampled_from(sorted(SCENES)), BOXES), min_size=1, max_size=8, unique=True
).map(lambda found: [Original(f"{p}{b}", p, SCENES[p], b) for p, b in found])


def by_hand(query: Original, document: Original) -> str:
    if query.id == document.id:
        return "right"
    if query.photo != document.photo:
        return "ignored" if query.group == document.group else "wrong"
    if query.box is None or document.box is None:
        return "ignored"
    a, b = query.box, document.box
    apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    return "wrong" if apart else "ignored"


@given(originals=ORIGINALS)
def test_relation_follows_the_rule_and_is_symmetric(originals):
    queries, documents = np.indices((len(originals), len(originals))).reshape(2, -1)
    relation = Relation(originals).between(queries, documents)
    expected = [
        by_hand(originals[q], originals[d]) for q, d in zip(queries, documents, strict=True)
    ]
    assert relation.tolist() == expected
    square = relation.reshape(len(originals), -1)
    assert (square == square.T).all()


def test_tiles_of_different_sides_that_overlap_are_ignored():
    large = Original("p@0,0,8,8", "p", "p", (0, 0, 8, 8))
    inside = Original("p@4,4,8,8", "p", "p", (4, 4, 8, 8))
    beside = Original("p@8,0,12,4", "p", "p", (8, 0, 12, 4))
    relation = Relation([large, inside, beside]).between(np.zeros(3, int), np.arange(3))
    assert relation.tolist() == ["right", "ignored", "wrong"]


@given(
    pairs=st.dictionaries(
        st.tuples(st.integers(0, 5), st.integers(0, 6)), st.sampled_from(["right", "ignored"])
    )
)
def test_what_is_not_listed_is_wrong(pairs):
    rows = [(query, doc, relation) for (query, doc), relation in pairs.items()]
    table = pd.DataFrame(rows, columns=["query", "doc", "relation"])
    table = table.astype({"query": np.int64, "doc": np.int64})
    queries, documents = np.indices((6, 7)).reshape(2, -1)
    relation = Listed(table).between(queries, documents)
    every = zip(queries.tolist(), documents.tolist(), strict=True)
    assert relation.tolist() == [pairs.get(pair, "wrong") for pair in every]
