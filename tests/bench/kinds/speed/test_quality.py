"""Four combinations of exact and fast, counted by hand."""

import numpy as np
import pandas as pd
import pytest

from bench.kinds.sections import Resampling
from bench.kinds.speed.quality import BothWays, Whole, measure_quality
from bench.signing.sign import Signed


@pytest.fixture(scope="module")
def quality() -> pd.DataFrame:
    """Two photographs, two queries; the fast signature of the second query is that of a tile."""
    rng = np.random.default_rng(4)
    one, two, tile, photo = rng.integers(-2, 3, (4, 648)).astype(np.int8)
    boxes = dict.fromkeys(("left", "upper", "right", "lower"), -1)
    documents = pd.DataFrame(
        [
            {"doc": n, "original": name, "photo": name, "group": name, "status": "ok", **boxes}
            for n, name in enumerate(("one", "two"))
        ]
    )
    queries = documents.rename(columns={"doc": "query"}).assign(
        doc=[0, 1], transform="jpeg-30", strength=0.5, in_database=True, half=["tune", "report"]
    )
    among = documents.assign(original=["x", "x@0,0,9,9"], photo="x", group="x", left=[-1, 0])
    whole = Whole(
        documents,
        queries,
        [BothWays(one, one, 1), BothWays(two, two, 4)],
        [BothWays(one, one, 4), BothWays(two, tile, 4)],
    )
    # Its photograph equals the first query: were it a document too, it would be a wrong answer.
    signed = Signed(among, queries, np.stack([one, tile]), np.stack([one, photo]), {})
    return measure_quality(whole, signed, Resampling(resamples=200))


def recall(quality: pd.DataFrame, documents: str, queries: str, subset: str) -> dict:
    row = quality[
        (quality["documents"] == documents)
        & (quality["queries"] == queries)
        & (quality["subset"] == subset)
        & (quality["measure"] == "recall@1")
        & (quality["ranking"] == "distance")
    ]
    (found,) = row.to_dict("records")
    return found


def test_a_fast_query_that_finds_something_else_is_a_miss(quality):
    assert recall(quality, "exact", "exact", "all")["value"] == 1
    assert recall(quality, "fast", "exact", "all")["difference"] == 0
    missed = recall(quality, "exact", "fast", "all")
    assert (missed["value"], missed["difference"], missed["n"]) == (0.5, -0.5, 2)


def test_the_reduced_subset_has_pairs_that_are_both_reduced(quality):
    # The first query's right answer is not reduced, so only the second counts.
    missed = recall(quality, "fast", "fast", "reduced")
    assert (missed["value"], missed["difference"], missed["n"]) == (0, -1, 1)


def test_every_combination_is_measured_both_ways(quality):
    assert len(quality) == 2 * 2 * 2 * 2 * 3
    assert set(quality["measure"]) == {"recall@1", "uAP", "R@P90"}
