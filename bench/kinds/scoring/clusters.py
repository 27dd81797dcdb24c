"""Do copies suppress each other? Rules for the background, where copies of a picture abound.

The collection is searched once more with copies planted among its documents, see
`datasets.queries.Planting`. ``clusters`` has one row a list, scoring, rank of the background,
number of planted copies and measure. Each part is the queries whose picture was planted so many
times, and all queries without a match, of the half that nothing was tuned on; ``chosen`` is the
rank that was best on the other half, all parts together.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from bench.evaluate.arrays import Bools
from bench.evaluate.judge import REPORT, TUNE, Judge, told
from bench.evaluate.scorings import get_scoring, normalised
from bench.kinds.scoring.config import Scoring as Config
from bench.kinds.scoring.lists import Searches, all_sources, scoring_names
from bench.kinds.scoring.quality import settings_of
from bench.kinds.under_way import RunUnderWay
from bench.search.exact.answers import hits_table
from bench.signing.sign import Signed, load_or_sign

#: Cluster sizes of the part with all queries.
ANY = -1


def cluster_tables(config: Config, run: RunUnderWay) -> dict[str, pd.DataFrame]:
    """Search the collection with planted copies, without an engine: its queries, hits and table."""
    signed = _sign(config, run)
    searches = Searches(signed, config.search.size)
    with run.watch.time("clusters"):
        hits = {
            name: searches.list(source, scorings)
            for name, (source, scorings) in all_sources(config.expand()).items()
            if source.by in ("count", "hamming")
        }
        table = clusters_table(config, signed.queries, hits)
    return {
        "clusters": table,
        "cluster_queries": signed.queries,
        "cluster_hits": hits_table(hits),
    }


def _sign(config: Config, run: RunUnderWay) -> Signed:
    if config.clusters is None:
        raise TypeError("a run without planted copies has none to sign")
    folder: Path = run.work / "signed-clusters"
    with run.watch.time("sign clusters"):
        return load_or_sign(config.clusters, folder, run.progress, searches=True)


def cluster_parts(queries: pd.DataFrame) -> dict[str, Bools]:
    """Parts of a table of queries by how often their picture was planted, as text."""
    report = (queries["half"] == REPORT).to_numpy()
    copies = queries["n_right"].to_numpy() - 1
    sizes = sorted(set(copies[copies >= 0].tolist()))
    own = {str(size): report & ((copies == size) | (copies < 0)) for size in sizes}
    return {TUNE: ~report, REPORT: report, **own}


def clusters_table(
    config: Config,
    queries: pd.DataFrame,
    hits: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """The table ``clusters``; of scorings with a background every rank that was tried."""
    ordered = queries.sort_values("query", kind="stable", ignore_index=True)
    judge = Judge(ordered, settings_of(config), cluster_parts(ordered))
    rows: list[dict[str, Any]] = []
    scorings, confidence = scoring_names(config.expand()), config.evaluation.confidence
    for source, own in hits.items():
        for scoring in map(get_scoring, scorings[source]):
            if scoring.value == "sign_distance":
                continue
            chosen, _ = judge.tuned(config.k, scoring, own)
            for k in config.k if scoring.rule else [0]:
                goodness = normalised(scoring, own, len(judge), config.search.size, k)
                for part in judge.parts:
                    if part == TUNE:
                        continue
                    row = {"source": source, "scoring": scoring.name, "k": k}
                    row |= {"chosen": k == chosen}
                    row |= {"copies": ANY if part == REPORT else int(part)}
                    found = judge.estimates(own, goodness, part, resampled=k == chosen)
                    rows += [row | told(one, confidence) for one in found.values()]
    return pd.DataFrame(rows)
