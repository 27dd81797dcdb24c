"""Truth of all pairs at once is that of each."""

from dataclasses import replace

import numpy as np
import pandas as pd

from bench.search.exact.truth import IGNORED, RIGHT, WRONG, find_truth, signed_rows


def test_every_pair_has_its_relation(signed):
    truth, rows = find_truth(signed), signed_rows(signed)
    assert len(rows) == 15
    assert 5 not in rows
    query, doc = (array.ravel() for array in np.indices((len(rows), len(signed.database))))
    names = np.empty(3, dtype=object)
    names[[WRONG, IGNORED, RIGHT]] = "wrong", "ignored", "right"
    relations = signed.relations(signed.queries["query"].to_numpy()[rows][query], doc)
    assert (names[truth.of(query, doc)] == relations).all()
    assert set(relations) == {"wrong", "ignored", "right"}
    assert (np.diff(truth.query) >= 0).all()


def test_a_right_answer_for_each_query_in_the_database(signed):
    truth = find_truth(signed)
    right = truth.code == RIGHT
    in_database = signed.queries.loc[signed_rows(signed), "in_database"].to_numpy()
    assert truth.query[right].tolist() == np.flatnonzero(in_database).tolist()


def test_listed_relations_are_taken_as_they_are(signed):
    pairs = [(0, 7, "right"), (2, 3, "ignored"), (2, 9, "right"), (5, 1, "right")]
    listed = pd.DataFrame(pairs, columns=["query", "doc", "relation"])
    truth = find_truth(replace(signed, listed=listed))
    found = list(zip(truth.query.tolist(), truth.doc.tolist(), truth.code.tolist(), strict=True))
    assert found == [(0, 7, RIGHT), (2, 3, IGNORED), (2, 9, RIGHT)]  # query 5 was not signed


def test_of_a_natural_pairs_query_the_rest_is_known_by_construction(signed):
    queries = signed.queries.assign(origin="made")
    queries.loc[0, "origin"] = "natural"
    listed = pd.DataFrame([(0, 7, "right")], columns=["query", "doc", "relation"])
    mixed = replace(signed, queries=queries, listed=listed)
    truth, rows = find_truth(mixed), signed_rows(mixed)
    query, doc = (array.ravel() for array in np.indices((len(rows), len(signed.database))))
    relations = mixed.relations(queries["query"].to_numpy()[rows][query], doc)
    names = np.array(["wrong", "ignored", "right"])
    assert (names[truth.of(query, doc)] == relations).all()
    assert (relations == "right").sum() > 1
