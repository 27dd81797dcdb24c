"""Plain pictures: what refusing signatures that say little does.

Pictures are refused by `imgsig.quality`. ``plain`` has one row a limit, list, scoring, part
and measure: pictures below the limit are not indexed, and queries below it find nothing, which
counts as a miss where there is something to find.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.evaluate.arrays import Bools
from bench.evaluate.judge import REPORT, Judge, chosen_ranks, told
from bench.evaluate.scorings import normalised
from bench.kinds.scoring.config import Scoring as Config
from bench.kinds.scoring.lists import Searches, all_sources
from bench.kinds.scoring.quality import settings_of
from bench.signing.sign import Signed
from imgsig import quality

#: What is looked at: each also with the background of its answer taken off.
LOOKED_AT = ("count", "count - kth", "distance", "hamming", "hamming - kth")


def plain_table(
    config: Config, signed: Signed, searches: Searches, tuned: pd.DataFrame
) -> pd.DataFrame:
    """Refuse more and more pictures; ranks of backgrounds are those chosen without."""
    documents = quality(searches.simulator.documents)
    queries = quality(searches.simulator.queries)
    judge = Judge(signed.queries, settings_of(config))
    ranks = chosen_ranks(tuned)
    rows: list[dict[str, Any]] = []
    sources = all_sources(config.expand())
    # The lists of the first index that counts words, and of the first of bits.
    first = {source.by: name for name, (source, _) in reversed(sources.items())}
    for name in (first[by] for by in ("count", "hamming") if by in first):
        source, scorings = sources[name]
        for limit in config.plain:
            kept, asked = documents >= limit, queries >= limit
            left = _refused(searches.scores(source), kept, asked)
            hits = searches.ranked(left, source.variant, {one.value for one in scorings})
            refused = {
                "limit": limit,
                "refused_documents": float(1 - kept.mean()),
                "refused_queries": float(1 - asked.mean()),
                "source": name,
            }
            for scoring in (one for one in scorings if one.name in LOOKED_AT):
                k = ranks.get((name, scoring.name), 0)
                goodness = normalised(scoring, hits, len(judge), config.search.size, k)
                row = refused | {"scoring": scoring.name, "k": k}
                found = judge.estimates(hits, goodness, REPORT)
                rows += [row | told(one, config.evaluation.confidence) for one in found.values()]
    return pd.DataFrame(rows)


def _refused(
    scores: Iterator[NDArray[np.int64]], kept: Bools, asked: Bools
) -> Iterator[NDArray[np.int64]]:
    """Scores without documents that are not indexed and queries that are not searched for."""
    for own, is_asked in zip(scores, asked, strict=True):
        yield np.where(kept & is_asked, own, 0)
