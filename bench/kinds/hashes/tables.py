"""Times of hashing and of searching, of their samples; and what a page's rows join."""

import pandas as pd

from bench.evaluate.judge import REPORT
from bench.evaluate.measures import UAP
from bench.kinds.beside import times
from bench.kinds.hashes.quality import best_rules
from bench.kinds.sections import Resampling
from bench.runs.folder import RunFolder


def hash_times(samples: pd.DataFrame) -> pd.DataFrame:
    """Milliseconds that each tool takes for a whole photograph, as an array in memory.

    ``times_ours`` is the ratio of medians to the first, our own exact signature.
    """
    own = samples.groupby("name", sort=False)
    median = own["seconds"].median() * 1000
    table = pd.DataFrame(
        {
            "source": median.index,
            "pictures": own["picture"].nunique().to_numpy(),
            "megapixels": own["megapixels"].median().to_numpy(),
            "hash_ms": median.to_numpy(),
            "hash_ms_p90": (own["seconds"].quantile(0.9) * 1000).to_numpy(),
            "times_ours": (median / median.iloc[0]).to_numpy(),
        }
    )
    return table.reset_index(drop=True)


def search_times(samples: pd.DataFrame, evaluation: Resampling) -> pd.DataFrame:
    """What a search of each index takes, in turn with those of the others; ratios to the first."""
    by_index = {str(name): own for name, own in samples.groupby("variant", sort=False)}
    first = by_index[samples["variant"].iloc[0]]
    rows = [
        {"source": name, "searches": len(own), **times(own, first, evaluation)}
        for name, own in by_index.items()
    ]
    return pd.DataFrame(rows)


#: How hits are ranked: as the engine or the distance has them, or less the answer's background.
PLAIN, BACKGROUND = "plain", "background"


def ranked_rows(folder: RunFolder) -> pd.DataFrame:
    """Of ``scorings``: each contender as it comes, and under its best rule for the background.

    The rule, like its rank, is the best on the half that nothing is reported on. Column ``ranked``
    says which, and sizes and times of the contender stand beside.
    """
    values, tuned = folder.table("scorings"), folder.table("tuned")
    best = best_rules(tuned)
    plain = values[values["rule"] == ""].assign(ranked=PLAIN)
    less = values[values["scoring"] == values["source"].map(best)].assign(ranked=BACKGROUND)
    indices = folder.table("indices")[["source", "bits", "package", "bytes_per_document"]]
    searches = folder.table("search_times")[["source", "took_mean", "latency_p50"]]
    hashes = folder.table("hash_times")[["source", "hash_ms"]]
    table = pd.concat([plain, less]).merge(indices, on="source").merge(searches, on="source")
    return table.merge(hashes, on="source", how="left")


def reported(folder: RunFolder, measure: str, ranked: str, part: str = REPORT) -> pd.DataFrame:
    """A row a contender: a measure of one part, indexed by ``source``, in the run's order."""
    table = ranked_rows(folder)
    chosen = (table["measure"] == measure) & (table["ranked"] == ranked) & (table["part"] == part)
    return table[chosen].set_index("source", drop=False)


#: Queries below which an edit, or a kind of natural pair, is told in the table alone.
FEW = 8


def by_edit(folder: RunFolder, least: int = FEW) -> pd.DataFrame:
    """`UAP` as they come, of each edit and kind of natural pair: a row a contender and part.

    Parts of which there is no value, as no query of theirs has a right answer, are left out.
    """
    values, queries = folder.table("scorings"), folder.table("queries")
    counts = queries["transform"].value_counts()
    chosen = values["part"].isin(counts.index[counts >= least])
    chosen &= (values["measure"] == UAP.name) & (values["rule"] == "")
    return values[chosen & values["value"].notna()].assign(
        queries=lambda own: own["part"].map(counts)
    )
