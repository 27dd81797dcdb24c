"""Rules for the background where queries have many right answers."""

import numpy as np
import pandas as pd
import pytest

from bench.kinds.scoring.clusters import ANY, cluster_parts, clusters_table
from bench.search.exact.truth import RIGHT, WRONG

SIZE = 12


def test_parts_are_by_planted_copies_and_have_all_queries_without_a_match():
    queries = pd.DataFrame({"half": ["report"] * 4 + ["tune"], "n_right": [0, 1, 6, 1, 1]})
    parts = {name: np.flatnonzero(one).tolist() for name, one in cluster_parts(queries).items()}
    assert parts == {"tune": [4], "report": [0, 1, 2, 3], "0": [0, 1, 3], "5": [0, 2]}


@pytest.fixture(scope="module")
def table(scoring):
    """Pictures with one and with six right answers, whose answers are alike otherwise."""
    rng = np.random.default_rng(0)
    n_right = np.array([1, 6, 0] * 12)
    queries = pd.DataFrame({"query": np.arange(len(n_right)), "n_right": n_right})
    queries = queries.assign(in_database=n_right > 0, transform="blur", strength=1.0, status="ok")
    queries = queries.assign(photo="p", group=[f"g{i}" for i in range(len(n_right))])
    queries["half"] = np.where(np.arange(len(n_right)) % 2, "tune", "report")
    hits = []
    for row, right in enumerate(n_right):
        level = int(rng.integers(5, 140))  # what unrelated pictures of this query have
        scores = [level + 60 - i for i in range(right)]
        scores += [level - i for i in range(SIZE - right)]
        codes = [RIGHT] * right + [WRONG] * (SIZE - right)
        own = {"row": row, "rank": np.arange(SIZE), "score": scores, "code": codes}
        hits.append(pd.DataFrame(own))
    found = {"272 bits": pd.concat(hits, ignore_index=True).assign(distance=0.5)}
    return clusters_table(scoring, queries, found)


def value(table, scoring, k, copies):
    own = table[(table["scoring"] == scoring) & (table["k"] == k) & (table["copies"] == copies)]
    return own[own["measure"] == "uAP"]["value"].item()


def test_copies_suppress_each_other_but_behind_the_gap(table):
    assert value(table, "hamming", 0, ANY) < 0.9
    assert value(table, "hamming - kth", 3, 0) == 1
    assert value(table, "hamming - kth", 3, 5) < 0.7
    assert value(table, "hamming - gap", 1, 0) == 1
    assert value(table, "hamming - gap", 1, 5) == 1


def test_of_the_chosen_ranks_intervals_are_told(table):
    told = table[table["measure"] == "uAP"]
    assert told.loc[~told["chosen"], "low"].isna().all()
    assert told.loc[told["chosen"], "low"].notna().all()
