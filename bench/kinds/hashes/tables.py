"""Times of hashing, of their samples; and what a page's rows join."""

import pandas as pd

from bench.evaluate.arrays import Bools
from bench.evaluate.judge import OPTIONS, REPORT, parts_of
from bench.evaluate.measures import UAP
from bench.kinds.hashes.config import Hashes
from bench.kinds.judged import FEW, Questions, ranked
from bench.runs.folder import RunFolder


def questions(config: Hashes, queries: pd.DataFrame) -> Questions:
    """What every contender is asked: of each edit, of both halves, as hits come alone."""
    settings = config.evaluation.settings(config.search.size, **OPTIONS)
    return Questions(queries, settings, config.k, parts_of(queries), edit_parts(queries))


def edit_parts(queries: pd.DataFrame) -> dict[str, Bools]:
    """The queries of each edit, and of each kind of natural pair: ``bool[queries]`` by name.

    No kind is called as another part, see `datasets.queries.PARTS`.
    """
    names = sorted(set(queries["transform"]))
    return {str(name): (queries["transform"] == name).to_numpy() for name in names}


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


def ranked_rows(folder: RunFolder) -> pd.DataFrame:
    """`bench.kinds.judged.ranked`, with sizes and times of each contender beside."""
    table = ranked(folder.table("scorings"), folder.table("tuned"))
    indices = folder.table("indices")[["source", "bits", "package", "bytes_per_document"]]
    searches = folder.table("search_times")[["source", "took_mean", "latency_p50"]]
    hashes = folder.table("hash_times")[["source", "hash_ms"]]
    table = table.merge(indices, on="source").merge(searches, on="source")
    return table.merge(hashes, on="source", how="left")


def reported(folder: RunFolder, measure: str, ranked: str, part: str = REPORT) -> pd.DataFrame:
    """A row a contender: a measure of one part, indexed by ``source``, in the run's order."""
    table = ranked_rows(folder)
    chosen = (table["measure"] == measure) & (table["ranked"] == ranked) & (table["part"] == part)
    return table[chosen].set_index("source", drop=False)


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
