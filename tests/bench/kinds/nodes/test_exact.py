"""Hits of several shards against exact ones."""

import numpy as np
import pandas as pd
import pytest

from bench.index.variant import Variant
from bench.kinds.nodes.arrangements import SHARDED, WHOLE
from bench.kinds.nodes.exact import confirm
from bench.kinds.synthetic.documents import Documents
from bench.runs.errors import WrongIndexError
from bench.search.exact.stream import Best, by_score

VARIANT = Variant(N=32, k=2, codec={"id": "none"}, layout="keyword_column", name="words")
SIZE = 5


class _Signed:
    """What is read of signed queries: two, which are documents as well."""

    def __init__(self, database):
        self.database, self.query_signatures = database, database[[3, 40]]
        self.queries = pd.DataFrame({"query": [10, 20], "status": "ok"})


@pytest.fixture(scope="module")
def asked():
    # Few words, so that many documents share a score.
    drawn = np.random.default_rng(0).integers(-1, 2, (60, 648)).astype(np.int8)
    signed = _Signed(drawn)
    best = Best.none(2, SIZE, VARIANT.largest_score + 1)
    best.add(by_score(VARIANT, signed.query_signatures), drawn, 0)
    return signed, best, Documents(drawn, len(drawn))


def _hits(best, arrangement):
    rows = [
        (query, rank, int(best.docs[place, rank]), int(best.scores[place, rank]), arrangement)
        for place, query in enumerate((10, 20))
        for rank in range(SIZE)
    ]
    return pd.DataFrame(rows, columns=["query", "rank", "doc", "score", "arrangement"])


def _of_last_score(signed, best, place):
    """A document with the last score of an answer that is not in it."""
    scorer = VARIANT.identity.layout.matcher.scorer(VARIANT.scheme, signed.database)
    scores = scorer(signed.query_signatures[place])
    same = np.flatnonzero(scores == best.scores[place, -1])
    return next(int(doc) for doc in same if doc not in best.docs[place])


def test_exact_hits_hold_and_so_do_others_of_the_last_score(asked):
    signed, best, documents = asked
    hits = pd.concat([_hits(best, WHOLE), _hits(best, SHARDED)], ignore_index=True)
    place = next(p for p in (0, 1) if _has_other(signed, best, p))
    hits.loc[2 * SIZE + SIZE * (place + 1) - 1, "doc"] = _of_last_score(signed, best, place)
    assert confirm(VARIANT, hits, best, signed, documents) == 4 * SIZE


def _has_other(signed, best, place):
    try:
        _of_last_score(signed, best, place)
    except StopIteration:
        return False
    return True


@pytest.mark.parametrize("arrangement", [WHOLE, SHARDED])
@pytest.mark.parametrize("rank", [0, SIZE - 1])
def test_a_document_of_another_score_is_refused(asked, arrangement, rank):
    signed, best, documents = asked
    hits = _hits(best, arrangement)
    scorer = VARIANT.identity.layout.matcher.scorer(VARIANT.scheme, signed.database)
    scores = scorer(signed.query_signatures[0])
    hits.loc[rank, "doc"] = int(np.argmin(scores))
    with pytest.raises(WrongIndexError):
        confirm(VARIANT, hits, best, signed, documents)


def test_a_wrong_order_is_refused(asked):
    signed, best, documents = asked
    hits = _hits(best, SHARDED)
    hits.loc[[0, SIZE - 1], ["doc", "score"]] = hits.loc[[SIZE - 1, 0], ["doc", "score"]].to_numpy()
    with pytest.raises(WrongIndexError, match="scores more than the one before it"):
        confirm(VARIANT, hits, best, signed, documents)


def test_a_hit_that_is_missing_is_refused(asked):
    signed, best, documents = asked
    with pytest.raises(WrongIndexError):
        confirm(VARIANT, _hits(best, SHARDED).drop(index=SIZE - 1), best, signed, documents)
