"""What a search costs: each variant under each condition, the same queries in the same run.

A cold search is the first one of an index that was closed and opened again. Closing ends its
readers, with all that the engine and Lucene keep in memory for them. What the operating system
keeps of its files is dropped with ``posix_fadvise``, which any user may ask for files he can read,
once nothing has them mapped. A virtual disk may still be cached by its host, and the Java code
stays compiled: a cold search here is one after a restart of the index, not of the machine.

https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-indices-close
https://man7.org/linux/man-pages/man2/posix_fadvise.2.html
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.cost.ingest import adding_documents
from bench.cost.load import LoadResult, Search, TimedSearch, run_load, timed
from bench.cost.percentiles import median_ratio, supported_percentile
from bench.cost.settings import LATER, Condition, Cost, State
from bench.engine.client import Client, unrepeated
from bench.evaluate.bootstrap import wilson_interval
from bench.index.variant import Variant
from bench.runs.errors import MeasurementError
from bench.search.search import WARM_UP, is_set, search_body, search_together, send_search
from bench.signing.sign import Signed
from imgsig.layouts import get_layout


def make_cold(client: Client, index: str) -> State:
    """Close an index, drop its files from the page cache, and open it.

    It is ``reopened``, and not ``cold``, where the files were not there to be dropped: those of a
    cluster elsewhere, or on a system without ``posix_fadvise``.
    """
    folders = index_folders(client, index)
    client.indices.close(index=index)
    dropped = [drop_from_page_cache(folder) for folder in folders]
    client.indices.open(index=index, wait_for_active_shards="1")
    client.cluster.health(index=index, wait_for_status="yellow", timeout="60s")
    return "cold" if dropped and all(dropped) else "reopened"


def index_folders(client: Client, index: str) -> list[Path]:
    """Folders of an index's shards on this machine; none where its nodes run elsewhere."""
    uuid = client.indices.get_settings(index=index)[index]["settings"]["index"]["uuid"]
    nodes = client.nodes.stats(metric="fs")["nodes"].values()
    paths = {Path(data["path"]) / "indices" / uuid for node in nodes for data in node["fs"]["data"]}
    return sorted(path for path in paths if path.is_dir())


def drop_from_page_cache(folder: Path) -> bool:
    """Ask the operating system to forget the contents of all files below a folder."""
    if not hasattr(os, "posix_fadvise"):
        return False
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except FileNotFoundError:  # the engine tidies up after closing
            continue
        except OSError:
            return False
        try:
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)
    return bool(files)


#: Clocks: the engine's own ``took``, and the client's.
CLOCKS = {"service": "took_ms", "latency": "latency_ms"}
PERCENTILES = (50, 95, 99)


def measure_condition(
    client: Client,
    variants: Sequence[Variant],
    signed: Signed,
    condition: Condition,
    searches: int,
    settings: Cost,
    *,
    size: int = 100,
    run: str = "",
    advance: Callable[[int], object] = lambda done: None,
) -> pd.DataFrame:
    """Time searches of every variant under one condition.

    Variants that have no words to ask for a number of are left out where ``minimum_should_match``
    is varied, and those whose words are not in one field where they are asked for as a set. Queries
    are taken in a random order, again from the beginning where there are fewer
    than searches. While documents are added, variants do not alternate: each is searched while more
    of its own documents go to a further index, which is marked as the `run`'s and deleted. One row
    a variant and search: the condition's fields, ``variant``, ``query``, ``took_ms``,
    ``latency_ms``, ``hits``, ``answer_bytes``, ``has_answer`` and ``found`` (whether a right answer
    is among the hits); ``seconds`` is how long all searches of the variant took. Where none takes
    part the table is empty.
    """
    taking_part = [
        variant
        for variant in variants
        if condition.minimum_should_match == 1 or get_layout(variant.layout).matcher.counts_words
        if not condition.terms_set or is_set(variant)
    ]
    if not taking_part:
        return pd.DataFrame()
    usable = np.flatnonzero(signed.queries["status"] == "ok")
    if not usable.size:
        raise MeasurementError("no query could be signed; see the table of queries for the reasons")
    order = np.random.default_rng(settings.seed).permutation(usable)
    rows = np.resize(order, searches).tolist()
    signatures = signed.query_signatures
    sends = {
        variant.index_name: timed_search(client, variant, signatures, condition, size, order)
        for variant in taking_part
    }
    for variant in taking_part:  # one that was killed between closing and opening left it closed
        client.indices.open(index=variant.index_name, wait_for_active_shards="1")
    states: set[str] = set()
    before = None
    if condition.state == "warm":
        for row in order[:WARM_UP].tolist():
            for send in sends.values():
                send(row)
    else:

        def before(index: str) -> None:
            states.add(make_cold(client, index))

    if condition.ingest:
        return join_samples(
            _while_adding(client, one, sends, rows, signed, condition, settings, run, advance)
            for one in taking_part
        )
    load = run_load(sends, rows, clients=condition.clients, before=before, advance=advance)
    if states:
        state: Any = "cold" if states == {"cold"} else "reopened"
        condition = replace(condition, state=state)
    return _with_answers(load, rows, signed).assign(**condition.columns())


def _while_adding(
    client: Client,
    variant: Variant,
    sends: Mapping[str, Search],
    rows: Sequence[int],
    signed: Signed,
    condition: Condition,
    settings: Cost,
    run: str,
    advance: Callable[[int], object],
) -> pd.DataFrame:
    """Searches of one variant while documents of its kind are added to another index."""
    index = variant.index_name
    with adding_documents(client, variant, signed, settings.indexing.documents, run):
        load = run_load({index: sends[index]}, rows, clients=condition.clients, advance=advance)
    return _with_answers(load, rows, signed).assign(**condition.columns())


def join_samples(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Samples of several conditions in one table; axes that only some vary are filled in."""
    joined = pd.concat([part for part in parts if len(part)], ignore_index=True)
    for axis in set(LATER) & set(joined.columns):
        default = getattr(Condition(), axis)
        kind = type(default)
        joined[axis] = [default if pd.isna(value) else kind(value) for value in joined[axis]]
    return joined


def timed_search(
    client: Client,
    variant: Variant,
    signatures: NDArray[np.int8],
    condition: Condition,
    size: int,
    order: Sequence[int] | NDArray[np.int64] = (),
) -> Search:
    """What sends the search for a row of signatures, ``int8[queries, length]``, and times it.

    Those that are sent together with one are the next in an order of rows; hits are of the first.
    """
    client = unrepeated(client)
    # Without words a number of them cannot be asked for; one is enough anyway.
    least = condition.minimum_should_match
    words = None if least == 1 else least
    place_of = {int(row): place for place, row in enumerate(order)}

    def body(row: int) -> dict[str, Any]:
        return search_body(
            variant,
            signatures[row],
            size=size,
            minimum_should_match=words,
            fetch=condition.fetch,
            second_key=condition.second_key,
            terms_set=condition.terms_set,
        )

    def search(row: int) -> TimedSearch:
        if condition.together == 1:
            send = partial(send_search, client, body(row))
        else:
            first = place_of[row]
            places = [place % len(order) for place in range(first, first + condition.together)]
            bodies = [body(int(order[place])) for place in places]
            send = partial(search_together, client, bodies)
        return timed(send, lambda hit: int(hit["_id"]))

    return search


def _with_answers(load: LoadResult, rows: Sequence[int], signed: Signed) -> pd.DataFrame:
    numbers = signed.queries["query"].to_numpy()[list(rows)]
    has_answer = signed.queries["in_database"].to_numpy(dtype=np.bool_)[list(rows)]
    parts = []
    for variant, documents in load.documents.items():
        own = load.samples[load.samples["variant"] == variant]
        lengths = [len(found) for found in documents]
        queries, ends = np.repeat(numbers, lengths), np.cumsum(lengths)
        right = signed.relations(queries, np.concatenate(documents)) == "right"
        found = [part.any() for part in np.split(right, ends[:-1])]
        parts.append(
            own.drop(columns="row").assign(
                query=numbers,
                has_answer=has_answer,
                found=np.array(found, dtype=np.bool_),
                seconds=load.seconds[variant],
            )
        )
    return pd.concat(parts, ignore_index=True)


def summarize_searches(samples: pd.DataFrame, settings: Cost) -> pd.DataFrame:
    """Percentiles, throughput and ratios to the first variant.

    One row a condition, variant and clock (``service`` or ``latency``): ``n``; ``p50``, ``p95``,
    ``p99`` in milliseconds, NaN where the sample does not support them; ``throughput`` in requests
    a second, each of as many searches as are sent together, all clients together (NaN where the
    index was made cold between searches); ``ratio_to_first`` of the medians, with ``low`` and
    ``high``; ``hits`` and ``answer_bytes`` (of an answer's body, uncompressed; samples of before
    have none) on average;
    ``answerable``, queries that have a right answer, and ``candidate_recall``, the share of them
    that have one among the hits; and, since conditions differ in how many queries they take,
    ``right_at_base``, how many of the same queries the variant answers at the base, ``right_lost``,
    how many of these it does not here, and ``lost_low`` and ``lost_high``, Wilson's interval of
    their share.
    """
    axes = [name for name in asdict(Condition()) if name in samples]
    base = _base(samples)
    rows = []
    for key, of_condition in samples.groupby(axes, sort=False):
        by_variant = dict(iter(of_condition.groupby("variant", sort=False)))
        first = by_variant.get(samples["variant"].iloc[0])
        for variant, own in by_variant.items():
            answerable = own[own["has_answer"]].drop_duplicates("query")
            at_base = base.get(str(variant), set()) & set(answerable["query"])
            lost = at_base - set(answerable.loc[answerable["found"], "query"])
            lost_low, lost_high = (
                wilson_interval(len(lost), len(at_base), settings.confidence)
                if at_base
                else (float("nan"), float("nan"))
            )
            shared = {
                **dict(zip(axes, key, strict=True)),
                "variant": variant,
                "n": len(own),
                "throughput": len(own) / own["seconds"].iloc[0]
                if own["state"].iloc[0] == "warm"
                else float("nan"),
                "hits": own["hits"].mean(),
                **{name: own[name].mean() for name in ("answer_bytes",) if name in own},
                "answerable": len(answerable),
                "candidate_recall": answerable["found"].mean(),
                "right_at_base": len(at_base),
                "right_lost": len(lost),
                "lost_low": lost_low,
                "lost_high": lost_high,
            }
            for clock, column in CLOCKS.items():
                times = own[column].to_numpy(dtype=np.float64)
                ratio = (float("nan"),) * 3
                if first is not None:
                    of_first = first[column].to_numpy(dtype=np.float64)
                    ratio = median_ratio(times, of_first, **settings.bootstrap())
                percentiles = {f"p{p}": supported_percentile(times, p) for p in PERCENTILES}
                ratios = dict(zip(("ratio_to_first", "low", "high"), ratio, strict=True))
                rows.append({**shared, "clock": clock, **percentiles, **ratios})
    return pd.DataFrame(rows)


def at_base(table: pd.DataFrame, **changed: Any) -> pd.DataFrame:
    """The rows under the base of all conditions but what is changed, by axes that the table has."""
    condition = asdict(replace(Condition(), **changed))
    base = {axis: value for axis, value in condition.items() if axis in table}
    return table[(table[list(base)] == pd.Series(base)).all(axis=1)]


def _base(samples: pd.DataFrame) -> dict[str, set[int]]:
    """Of each variant, the queries whose right answer is found at the base."""
    found = at_base(samples)
    found = found[found["found"] & found["has_answer"]]
    return {str(name): set(own["query"]) for name, own in found.groupby("variant", sort=False)}
