"""Refusing plain pictures."""

import numpy as np
import pytest

from bench.kinds.scoring.lists import Searches, all_sources, scoring_names
from bench.kinds.scoring.plain import plain_table
from bench.kinds.scoring.quality import quality_tables


@pytest.fixture(scope="module")
def tables(scoring, signed):
    config = scoring.model_copy(update={"plain": [0.0, 1.0]})
    searches = Searches(signed, config.search.size)
    hits = {name: searches.list(*one) for name, one in all_sources(config.expand()).items()}
    names = scoring_names(config.expand())
    found = quality_tables(config, signed.queries, hits, names, "63x16 count")
    return found["scorings"], plain_table(config, signed, searches, found["tuned"])


def test_a_limit_of_nothing_changes_nothing(tables):
    values, plain = tables
    own = plain[plain["limit"] == 0]
    assert (own["refused_documents"] == 0).all()
    reported = values[values["part"] == "report"]
    both = own.merge(reported, on=["source", "scoring", "k", "measure"], suffixes=("", "_all"))
    assert len(both) == len(own) > 0
    np.testing.assert_array_equal(both["value"], both["value_all"])


def test_where_all_is_refused_nothing_is_found(tables):
    _, plain = tables
    own = plain[plain["limit"] == 1]
    assert (own["refused_documents"] > 0.9).all()
    assert (own[own["measure"] == "recall@1"]["value"] == 0).all()
