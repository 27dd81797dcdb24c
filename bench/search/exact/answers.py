"""Answers to every query, computed without an engine from the scores of all documents."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.index.variant import Variant
from bench.search.exact.simulator import Simulator
from bench.search.exact.truth import Truth, find_truth, signed_rows
from bench.search.exact.word_distance import pair_distances, word_distances
from bench.search.verification import expected_hits
from bench.signing.sign import Signed


class Answers:
    """A signed collection, its queries and what is right for them; `size` hits are an answer."""

    def __init__(self, signed: Signed, size: int) -> None:
        self.rows = signed_rows(signed)
        self.truth: Truth = find_truth(signed)
        self.simulator = Simulator(signed.database, signed.query_signatures[self.rows])
        self.size = size

    def ranked(
        self,
        scores: Iterable[NDArray[np.int64]],
        variant: Variant | None = None,
        values: Iterable[str] = (),
    ) -> pd.DataFrame:
        """The best documents of every query, best first, of given scores of all documents.

        Columns: ``row`` (of the query in the run's table), ``rank``, ``doc``, ``score``,
        ``distance`` and ``sign_distance`` where `values` names them, ``code`` (see
        `bench.search.exact.truth`).
        """
        best = best_hits(scores, self.size)
        query, doc = best["place"].to_numpy(), best["doc"].to_numpy()
        hits = best.assign(place=self.rows[query]).rename(columns={"place": "row"})
        hits = hits.astype({"row": np.int32, "rank": np.int16, "doc": np.int32, "score": np.int32})
        pairs = self.simulator.documents, self.simulator.queries, query, doc
        if "distance" in values:
            hits["distance"] = pair_distances(*pairs).astype(np.float32)
        if "sign_distance" in values and variant is not None:
            hits["sign_distance"] = word_distances(variant.scheme, *pairs).astype(np.float32)
        return hits.assign(code=self.truth.of(query, doc))


def best_hits(scores: Iterable[NDArray[np.int64]], size: int) -> pd.DataFrame:
    """The best documents of each query, best first, of given scores of all documents.

    Columns: ``place`` (which query), ``rank``, ``doc``, ``score``.
    """
    parts = [expected_hits(own, size) for own in scores]
    counts = [len(docs) for docs, _ in parts]
    return pd.DataFrame(
        {
            "place": np.repeat(np.arange(len(parts)), counts),
            "rank": np.concatenate([np.arange(count) for count in counts]),
            "doc": np.concatenate([docs for docs, _ in parts]),
            "score": np.concatenate([found for _, found in parts]),
        }
    )


def plain_scores(variant: Variant, simulator: Simulator) -> Iterator[NDArray[np.int64]]:
    """What an exact index ranks by, of all documents for each query: equal words, or equal bits."""
    scheme = variant.scheme
    if variant.counts_words:
        ones = np.ones((len(simulator.queries), scheme.N), dtype=np.int32)
        yield from (each.astype(np.int64) for each in simulator.weighted(scheme, ones))
        return
    scorer = variant.identity.layout.matcher.scorer(scheme, simulator.documents)
    yield from map(scorer, simulator.queries)


def hits_table(hits: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """All lists in one table, told apart by ``source``; documents are left out to spare bytes."""
    parts = [own.drop(columns="doc").assign(source=name) for name, own in hits.items()]
    table = pd.concat(parts, ignore_index=True)
    return table.assign(source=table["source"].astype("category"))


def lists_of(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The lists of a table that `hits_table` made, by their names."""
    return {
        str(name): own.dropna(axis=1, how="all").reset_index(drop=True)
        for name, own in table.groupby("source", sort=False, observed=True)
    }
