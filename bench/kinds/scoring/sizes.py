"""How cutoffs move as the collection grows.

Wrong hits grow with the number of documents and right ones do not. ``cutoffs_by_size`` is the table
``cutoffs`` (see `bench.kinds.scoring.calibration`) once for each size: of the first documents, and
of all that are right for some query. Documents are in random order. Ranks of backgrounds are those
chosen with all documents.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from bench.evaluate.scorings import Scoring
from bench.kinds.scoring.calibration import calibration_tables
from bench.kinds.scoring.config import Scoring as Config
from bench.kinds.scoring.lists import Searches, Source
from bench.search.exact.truth import RIGHT


def cutoffs_by_size(
    config: Config,
    queries: pd.DataFrame,
    searches: Searches,
    sources: Mapping[str, tuple[Source, list[Scoring]]],
    tuned: pd.DataFrame,
) -> pd.DataFrame:
    """The table, of lists ranked by what a search of the library can rank by."""
    n_documents, truth = len(searches.simulator.documents), searches.truth
    found = []
    for size in config.sizes:
        if size >= n_documents:
            continue
        kept = np.arange(n_documents) < size
        kept[truth.doc[truth.code == RIGHT]] = True
        hits = {
            name: searches.ranked(
                (np.where(kept, own, 0) for own in searches.scores(source)),
                source.variant,
                {one.value for one in scorings},
            )
            for name, (source, scorings) in sources.items()
            if source.by in ("count", "hamming")
        }
        cutoffs = calibration_tables(config, queries, hits, tuned)["cutoffs"]
        found.append(cutoffs.assign(documents=int(kept.sum())))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()
