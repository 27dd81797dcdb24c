"""Words as filter of bits, in one request: what is lost with fewer words in common, and what won.

``filters``
    One row an index, least number of words, scoring and measure, of the half that nothing was
    tuned on: value, and paired difference from the same bits without a filter. ``hits`` is the
    mean number of hits; times as in ``graph``, beside the same request without the filter. 0 words
    are no filter.
``filter_searches``
    One row an index, least number of words and query, with its times.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.engine.client import Client
from bench.evaluate.judge import REPORT, Judge, chosen_ranks, compared
from bench.evaluate.measures import RECALL_AT_1, UAP
from bench.evaluate.scorings import get_scoring, normalised
from bench.index.variant import Variant, scheme_name
from bench.kinds.beside import alternate, asked_rows, times
from bench.kinds.scoring.config import Scoring as Config
from bench.kinds.scoring.lists import Searches, Source, bits_of
from bench.kinds.scoring.quality import settings_of
from bench.report.rounding import rounded
from bench.runs.check import KERNELS, Check, agree, same_table
from bench.search.exact.answers import lists_of
from bench.search.search import search_body
from imgsig.layouts import NarrowedVector

#: Queries that are timed.
TIMED = 300
#: What ranks the hits.
SCORINGS = ("hamming", "hamming - kth")


def filtered_sources(variant: Variant, least: Sequence[int]) -> list[Source]:
    """The lists of an index of bits and words, of documents that share so many words."""
    if not isinstance(variant.identity.layout.matcher, NarrowedVector):
        return []
    bits, words = bits_of(variant), scheme_name(variant.scheme)
    return [
        Source(f"{bits.name}, {count} of {words}", variant, bits.by, least=count) for count in least
    ]


def time_filters(
    client: Client,
    sources: Sequence[Source],
    searches: Searches,
    numbers: NDArray[np.int64],
    size: int,
) -> pd.DataFrame:
    """Rows of ``filter_searches`` of one index; `numbers` are those of the queries."""
    variant = sources[0].variant

    def body(least: int, row: int) -> dict[str, Any]:
        words = least or None
        signature = searches.simulator.queries[row]
        return search_body(variant, signature, size=size, fetch="id", minimum_should_match=words)

    rows = asked_rows(len(searches.rows), TIMED)
    counts = [0, *(one.least for one in sources)]
    bodies = {str(count): partial(body, count) for count in counts}
    samples = alternate(client, bodies, rows).samples
    return pd.DataFrame(
        {
            "index": variant.index_name,
            "least": samples["variant"].astype(np.int64),
            "query": numbers[samples["row"]],
            "took_ms": samples["took_ms"],
            "latency_ms": samples["latency_ms"],
        }
    )


def filter_table(
    config: Config,
    queries: pd.DataFrame,
    hits: Mapping[str, pd.DataFrame],
    samples: pd.DataFrame,
    tuned: pd.DataFrame,
) -> pd.DataFrame:
    """The table ``filters``, of lists by their names; backgrounds are at the ranks of all bits."""
    judge = Judge(queries, settings_of(config))
    ranks = chosen_ranks(tuned)
    rows: list[dict[str, Any]] = []
    for variant in config.expand():
        filtered = filtered_sources(variant, config.filters)
        if not filtered:
            continue
        bits = bits_of(variant)
        timed = dict(iter(samples[samples["index"] == variant.index_name].groupby("least")))
        for scoring in map(get_scoring, SCORINGS):
            k = ranks[bits.name, scoring.name]
            unfiltered = None
            for source in [bits, *filtered]:
                own = hits.get(source.name, hits[bits.name].iloc[:0])  # none, where none is found
                goodness = normalised(scoring, own, len(judge), config.search.size, k)
                found = judge.estimates(own, goodness, REPORT)
                unfiltered = unfiltered or found
                shared = {
                    "index": variant.index_name,
                    "source": source.name,
                    "least": source.least,
                    "scoring": scoring.name,
                    "k": k,
                    "hits": len(own) / hits[bits.name]["row"].nunique(),
                    **times(timed[source.least], timed[0], config.evaluation),
                }
                rows += [
                    shared | compared(one, unfiltered[name], config.evaluation.confidence)
                    for name, one in found.items()
                ]
    return pd.DataFrame(rows)


def check_filters(
    config: Config,
    tables: Mapping[str, pd.DataFrame],
    hits: Mapping[str, pd.DataFrame],
    tuned: pd.DataFrame,
) -> Iterator[Check]:
    """Whether the table follows from its raw rows, and fewer documents share more words."""
    filtered = lists_of(tables["filter_hits"])
    again = filter_table(
        config, tables["queries"], {**hits, **filtered}, tables["filter_searches"], tuned
    )
    yield same_table("filters", tables["filters"], again, KERNELS)
    problems = []
    for variant in config.expand():
        above = hits[bits_of(variant).name] if filtered_sources(variant, [1]) else None
        for source in filtered_sources(variant, sorted(config.filters)):
            own = filtered.get(source.name, hits[bits_of(variant).name].iloc[:0])
            if above is not None and not _none_better(own, above):
                problems.append(f"{source.name}: a hit is better than without so many words")
            above = own
    yield agree("filtered lists are of documents that share words", problems, f"{len(filtered)}")


def _none_better(own: pd.DataFrame, above: pd.DataFrame) -> bool:
    """Whether no hit scores more than the one at its place in the list of more documents."""
    both = own.merge(above, on=["row", "rank"], suffixes=("", "_above"))
    return len(both) == len(own) and bool((both["score"] <= both["score_above"]).all())


def filter_sentence(table: pd.DataFrame) -> str:
    """What filters cost and save, of each least number of words."""
    own = table[(table["index"] == table["index"].iloc[0]) & (table["scoring"] == SCORINGS[0])]
    flat = own.iloc[0]
    said = []
    for least, rows in own[own["least"] > 0].groupby("least"):
        first, every = (
            rows[rows["measure"] == name].iloc[0] for name in (RECALL_AT_1.name, UAP.name)
        )
        said.append(
            f"{least} {'word' if least == 1 else 'words'} "
            f"{rounded(first['difference'], '+.3f')} and {rounded(every['difference'], '+.3f')} in "
            f"{rounded(first['ratio'], '.2f')} times the time"
        )
    return (
        f"Words as filter of the bits of {flat['index']} change {RECALL_AT_1.name} and {UAP.name} "
        f"of the flat scan, whose median request takes {rounded(flat['latency_p50'], '.1f')} ms: "
        f"{'; '.join(said)}."
    )
