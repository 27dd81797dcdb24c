"""Who is right is checked of pairs that publishers made too, which a result does not list."""

from pathlib import Path

import pytest

from bench.kinds.experiment.recompute import check_relations
from bench.runs.folder import RunFolder

RUN = RunFolder(Path(__file__).parents[4] / "results" / "reference-renditions")


@pytest.fixture
def tables():
    return {name: RUN.table(name) for name in ("candidates", "documents", "queries")}


def test_pairs_are_right_as_committed(tables):
    assert check_relations(tables, "pictures").holds


@pytest.mark.parametrize(("of", "called"), [("right", "wrong"), ("wrong", "right")])
def test_a_pair_that_is_called_otherwise_is_found(tables, of, called):
    candidates, queries = tables["candidates"], tables["queries"]
    one = queries[(queries["origin"] == "natural") & (queries["n_right"] == 1)]["query"]
    own = candidates[candidates["query"].isin(one) & (candidates["relation"] == of)]
    candidates.loc[own.index[0], "relation"] = called
    check = check_relations(tables, "pictures")
    assert not check.holds
    assert f"query {own['query'].iloc[0]}" in check.found
