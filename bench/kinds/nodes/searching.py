"""The same queries to one shard, to several, and to several with copies: hits and times.

``answers``
    One row a variant, arrangement, query and hit, in the engine's order.
``samples``
    One row a variant, arrangement and query: the engine's milliseconds and the client's.
``searches``
    What that comes to; ratios are of the client's medians, to one shard, in pairs of a query.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from bench.cost.percentiles import median_ratio, supported_percentile
from bench.engine.client import Client
from bench.kinds.nodes.arrangements import ALIKE, WHOLE, SpreadIndex
from bench.kinds.sections import Resampling
from bench.runs.check import Check, agree
from bench.search.exact.truth import signed_rows
from bench.search.search import WARM_UP, hit_scores, search_body, timed_search
from bench.signing.sign import Signed


def search_alike(
    client: Client,
    indices: Sequence[SpreadIndex],
    signed: Signed,
    size: int,
    advance: Callable[[int], object],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of ``answers`` and ``samples``: each query to each index in turn, ids alone fetched."""
    rows = signed_rows(signed).tolist()
    numbers = signed.queries["query"].to_numpy()
    warm = rows[:WARM_UP]
    hits: list[pd.DataFrame] = []
    samples: list[dict[str, object]] = []
    for number, row in enumerate([*warm, *rows]):
        turn = number % len(indices)
        for index in [*indices[turn:], *indices[:turn]]:
            variant = index.state.variant
            body = search_body(variant, signed.query_signatures[row], size=size, fetch="id")
            answer, latency = timed_search(client, body)
            if number < len(warm):
                continue
            found = answer["hits"]["hits"]
            named: dict[str, object] = {"variant": index.variant, "arrangement": index.arrangement}
            named |= {"query": int(numbers[row])}
            own = {
                "rank": np.arange(len(found)),
                "doc": np.array([int(hit["_id"]) for hit in found], dtype=np.int64),
                "score": hit_scores(variant, [found]),
            }
            hits.append(pd.DataFrame(named | own))
            samples.append({**named, "took_ms": float(answer["took"]), "latency_ms": latency})
        if number >= len(warm):
            advance(len(indices))
    return _by_index(pd.concat(hits), indices), _by_index(pd.DataFrame(samples), indices)


def _by_index(rows: pd.DataFrame, indices: Sequence[SpreadIndex]) -> pd.DataFrame:
    """Rows index by index, those of a query in their order."""
    own = dict(iter(rows.groupby(["variant", "arrangement"])))
    parts = [own[one.variant, one.arrangement] for one in indices]
    return pd.concat([one.sort_values("query", kind="stable") for one in parts], ignore_index=True)


def searches_table(samples: pd.DataFrame, evaluation: Resampling) -> pd.DataFrame:
    """The table ``searches``."""
    rows = []
    for variant, every in samples.groupby("variant", sort=False):
        of = {
            str(name): own["latency_ms"].to_numpy(np.float64)
            for name, own in every.groupby("arrangement")
        }
        for arrangement in ALIKE:
            own = every[every["arrangement"] == arrangement]
            ratio = median_ratio(
                of[arrangement],
                of[WHOLE],
                resamples=evaluation.resamples,
                confidence=evaluation.confidence,
                seed=evaluation.seed,
            )
            rows.append(
                {
                    "variant": variant,
                    "arrangement": arrangement,
                    "searches": len(own),
                    "took_p50": supported_percentile(own["took_ms"].to_numpy(np.float64), 50),
                    "latency_p50": supported_percentile(of[arrangement], 50),
                    "latency_p95": supported_percentile(of[arrangement], 95),
                    **dict(zip(("ratio", "ratio_low", "ratio_high"), ratio, strict=True)),
                }
            )
    return pd.DataFrame(rows)


def check_alike(answers: pd.DataFrame) -> Check:
    """Whether all arrangements give the scores of one shard, and its documents above the last."""
    problems, compared = [], 0
    for key, every in answers.groupby(["variant", "query"], sort=False):
        asked = "{}, query {}".format(*key)
        by_name = {str(name): own for name, own in every.groupby("arrangement")}
        compared += len(by_name)
        if set(by_name) != set(ALIKE):
            problems.append(f"{asked}: answers of {', '.join(by_name)} alone")
            continue
        one = by_name[WHOLE]
        above = set(one.loc[one["score"] > one["score"].min(), "doc"])
        for name, own in by_name.items():
            same = own["score"].to_list() == one["score"].to_list()
            if not same or set(own.loc[own["score"] > own["score"].min(), "doc"]) != above:
                problems.append(f"{asked}: {name} does not answer as {WHOLE}")
    return agree("shards answer as one", problems, f"{compared:,} answers")
