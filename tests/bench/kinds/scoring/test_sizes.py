"""Cutoffs of parts of the collection."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bench.kinds.scoring.calibration import calibration_tables
from bench.kinds.scoring.lists import Searches, all_sources, scoring_names
from bench.kinds.scoring.quality import quality_tables
from bench.kinds.scoring.sizes import cutoffs_by_size
from bench.search.exact.truth import RIGHT


@pytest.fixture(scope="module")
def searched(scoring, signed):
    searches = Searches(signed, scoring.search.size)
    sources = all_sources(scoring.expand())
    hits = {name: searches.list(*one) for name, one in sources.items()}
    names = scoring_names(scoring.expand())
    tuned = quality_tables(scoring, signed.queries, hits, names, "63x16 count")["tuned"]
    return searches, sources, tuned


def by_size(scoring, signed, searched, sizes):
    searches, sources, tuned = searched
    config = scoring.model_copy(update={"sizes": sizes})
    return cutoffs_by_size(config, signed.queries, searches, sources, tuned)


def test_what_is_right_is_there_whatever_the_size(scoring, signed, searched):
    truth = searched[0].truth
    right = set(truth.doc[truth.code == RIGHT].tolist())
    found = by_size(scoring, signed, searched, [1, 20])
    assert set(found["documents"]) == {len(right | set(range(size))) for size in (1, 20)}
    assert set(found["source"]) == {"63x16 count", "63x6 count", "272 bits"}


def test_all_documents_give_the_cutoffs_of_the_run(scoring, signed, searched):
    searches, sources, tuned = searched
    last = len(signed.database) - 1
    truth = searches.truth
    searches.truth = replace(  # the last is right for the last query: all but none are left
        truth,
        query=np.append(truth.query, truth.query.max()),
        doc=np.append(truth.doc, last),
        code=np.append(truth.code, np.int8(RIGHT)),
    )
    hits = {name: searches.list(*one) for name, one in sources.items() if not name.endswith(" idf")}
    whole = calibration_tables(scoring, signed.queries, hits, tuned)["cutoffs"]
    part = by_size(scoring, signed, searched, [last])
    searches.truth = truth
    pd.testing.assert_frame_equal(part, whole.assign(documents=len(signed.database)))


def test_the_whole_collection_is_not_told_twice(scoring, signed, searched):
    assert by_size(scoring, signed, searched, [len(signed.database), 10**6]).empty
