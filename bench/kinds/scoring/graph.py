"""What a graph of neighbours finds of the flat scan's hits, and in what time.

Each graph and number of candidates answers the same queries as the flat scan, in alternation on
one engine. Hits are compared with those computed without it: the flat scan's must be these, a
graph's must be in their order. Documents as good as the worst of the expected ones count as found,
since equal scores have no order that matters.

``graph``
    One row an index and number of candidates; the flat scan has 0 candidates. ``recall`` is the
    share of the flat scan's hits that were found, ``recall@1`` the share of queries with a right
    answer that have it first; times in milliseconds.
``graph_searches``
    One row an index, number of candidates and query, from which that is computed.
``graph_indices``
    What was built, as the engine says it, and what it takes.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.disk.guard import DiskGuard
from bench.engine import Engine
from bench.engine.client import Client
from bench.evaluate.measures import RECALL_AT_1
from bench.index.storage import forget_index
from bench.index.variant import Variant
from bench.kinds.beside import alternate, asked_rows, times
from bench.kinds.scoring.config import Graph, Scoring
from bench.kinds.scoring.lists import Searches
from bench.kinds.under_way import RunUnderWay
from bench.kinds.variant_state import VariantState, settled_groups
from bench.report.rounding import between, rounded
from bench.runs.check import KERNELS, Check, agree, same_table
from bench.runs.errors import WrongIndexError
from bench.runs.folder import write_parquet
from bench.search.exact.truth import IGNORED, RIGHT
from bench.search.search import search_body
from bench.search.verification import as_good, compare_hits, expected_hits
from bench.signing.sign import Signed

Integers = NDArray[np.int64]
#: Share of the flat scan's hits that a graph should find.
ENOUGH = 0.95
#: Tables that are kept until the run is whole.
RAW = ("graph_searches", "graph_indices")


def is_measured(work: Path) -> bool:
    """Whether nothing is left that needs the engine."""
    return all(_path(work, name).is_file() for name in RAW)


def _path(work: Path, name: str) -> Path:
    return work / "graph" / f"{name}.parquet"


def measure_graphs(
    graph: Graph, size: int, engine: Engine, guard: DiskGuard, signed: Signed, run: RunUnderWay
) -> None:
    """Build the flat index and all graphs, and search them, unless that is done."""
    if is_measured(run.work):
        return
    client, folder = engine.client, run.work / "graph"
    states = [VariantState(one, folder / one.index_name, run.owner) for one in graph.expand()]
    indexing = run.bar("Indexing graphs", len(states) * len(signed.database))
    settling = run.bar("Settling graphs", len(states))
    for _ in settled_groups(client, states, signed, guard, run.watch, indexing, settling):
        pass  # all of them are searched side by side
    with run.watch.time("graph"):
        try:
            searches = _searched(graph, size, client, signed, run)
        except WrongIndexError:  # which of them, the message says
            for state in states:
                forget_index(state.folder)
            raise
        write_parquet(_path(run.work, "graph_searches"), searches)
    rows = pd.DataFrame([_index_row(client, state) for state in states])
    write_parquet(_path(run.work, "graph_indices"), rows)


def _index_row(client: Client, state: VariantState) -> dict[str, Any]:
    variant, size = state.variant, state.storage.size
    index = variant.index_name
    fields = client.indices.get_mapping(index=index)[index]["mappings"]["properties"]
    options = fields["vector"]["index_options"]
    return {
        "index": index,
        "config": variant.key,
        "layout": variant.layout,
        "N": variant.N,
        "m": int(options.get("m", 0)),
        "ef_construction": int(options.get("ef_construction", 0)),
        "documents": size.documents,
        "store_bytes": size.store_bytes,
        "bytes_per_document": size.bytes_per_document,
        "loaded_store_bytes": state.storage.loaded.store_bytes,
    }


def _searched(
    graph: Graph, size: int, client: Client, signed: Signed, run: RunUnderWay
) -> pd.DataFrame:
    """The table ``graph_searches``."""
    searches = Searches(signed, size)
    rows = asked_rows(len(searches.rows), graph.queries)
    flat, *graphs = graph.expand()
    asked: dict[str, tuple[Variant, int]] = {flat.index_name: (flat, 0)}
    for one in graphs:
        for count in graph.num_candidates:
            asked[f"{one.index_name} {count}"] = (one, count)

    def body(variant: Variant, count: int, row: int) -> dict[str, Any]:
        signature = searches.simulator.queries[row]
        return search_body(variant, signature, size=size, fetch="id", num_candidates=count or None)

    bodies = {name: partial(body, *one) for name, one in asked.items()}
    advance = run.bar("Searching graphs", len(asked) * len(rows))
    load = alternate(client, bodies, rows, advance)
    scorer = flat.identity.layout.matcher.scorer(flat.scheme, signed.database)
    numbers = signed.queries["query"].to_numpy()[searches.rows]
    judged: dict[str, list[dict[str, Any]]] = {name: [] for name in asked}
    for place, row in enumerate(rows):
        scores = scorer(searches.simulator.queries[row])
        best = expected_hits(scores, size)
        for name, (variant, count) in asked.items():
            docs = load.documents[name][place]
            _check_order(variant, int(numbers[row]), docs, scores, best[0])
            codes = searches.truth.of(np.full(len(docs), row), docs)
            counted = codes[codes != IGNORED]
            judged[name].append(
                {
                    "index": variant.index_name,
                    "num_candidates": count,
                    "query": numbers[row],
                    "wanted": len(best[0]),
                    "found": as_good(scores[docs], best[1]),
                    "first_is_right": bool(len(counted) and counted[0] == RIGHT),
                }
            )
    clocks = ["took_ms", "latency_ms"]
    timings = {
        str(name): own[clocks].reset_index(drop=True)
        for name, own in load.samples.groupby("variant", sort=False)
    }
    parts = [
        pd.concat([pd.DataFrame(found), timings[name]], axis=1) for name, found in judged.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _check_order(
    variant: Variant, query: int, docs: Integers, scores: Integers, best: Integers
) -> None:
    """Whether documents come by descending score; of an exact index whether they are the best."""
    if not variant.identity.layout.matcher.exact:
        known = np.unique(docs)
        best = known[expected_hits(scores[known], len(docs))[0]]
    if not np.array_equal(docs, best):
        own, wanted = (
            pd.DataFrame({"query": query, "rank": np.arange(len(one)), "doc": one})
            for one in (docs, best)
        )
        compare_hits(
            variant.index_name,
            own.assign(score=scores[docs]),
            wanted.assign(score=scores[best]),
        )


def graph_tables(config: Scoring, queries: pd.DataFrame, work: Path) -> dict[str, pd.DataFrame]:
    """All tables, of what was measured."""
    raw = {name: pd.read_parquet(_path(work, name)) for name in RAW}
    return {"graph": graph_table(config, queries, raw), **raw}


def graph_table(
    config: Scoring, queries: pd.DataFrame, tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """The table ``graph``, from the raw ones."""
    searches = tables["graph_searches"]
    built_as = {row["index"]: row for row in tables["graph_indices"].to_dict("records")}
    has_answer = queries.set_index("query")["in_database"]
    flat = searches[searches["num_candidates"] == 0]
    rows = []
    for (index, count), own in searches.groupby(["index", "num_candidates"], sort=False):
        built = built_as[index]
        answerable = own[has_answer[own["query"]].to_numpy(dtype=np.bool_)]
        rows.append(
            {
                "index": index,
                "m": int(built["m"]),
                "ef_construction": int(built["ef_construction"]),
                "num_candidates": count,
                "queries": len(own),
                "recall": own["found"].sum() / own["wanted"].sum(),
                RECALL_AT_1.name: float(answerable["first_is_right"].mean()),
                "bytes_per_document": float(built["bytes_per_document"]),
                **times(own, flat, config.evaluation),
            }
        )
    return pd.DataFrame(rows)


def check_graph(config: Scoring, tables: Mapping[str, pd.DataFrame]) -> Iterator[Check]:
    """Whether the table follows from its raw rows, and the flat scan found all there was."""
    again = graph_table(config, tables["queries"], tables)
    yield same_table("graph", tables["graph"], again, KERNELS)
    searches = tables["graph_searches"]
    flat = searches[searches["num_candidates"] == 0]
    few = flat[flat["found"] != flat["wanted"]]
    problems = [f"query {query}: hits are missing" for query in few["query"]]
    request = ["index", "num_candidates"]
    asked = len(searches.drop_duplicates(request)) * searches["query"].nunique()
    if len(searches) != asked or searches.duplicated([*request, "query"]).any():
        problems.append("not every request was sent once for each query")
    problems += [
        f"{row['index']}: bytes a document are not store over documents"
        for row in tables["graph_indices"].to_dict("records")
        if row["bytes_per_document"] != row["store_bytes"] / row["documents"]
    ]
    yield agree(
        "graphs were searched beside a flat scan that found all", problems, f"{len(flat)} queries"
    )


def graph_sentence(table: pd.DataFrame) -> str:
    """What a graph buys: the fastest that finds `ENOUGH`, or the one that finds most."""
    flat, graphs = table.iloc[0], table[table["num_candidates"] > 0]
    enough = graphs[graphs["recall"] >= ENOUGH]
    if enough.empty:
        best = graphs.sort_values("recall", ascending=False).iloc[0]
        lead = f"No graph finds {ENOUGH:.0%} of the flat scan's hits: most finds"
    else:
        best = enough.sort_values("latency_p50").iloc[0]
        lead = f"Of graphs that find {ENOUGH:.0%} of the flat scan's hits the fastest is"
    ends = between(best["ratio_low"], best["ratio_high"], ".2f")
    return (
        f"{lead} {best['index']} (m {best['m']}, ef_construction {best['ef_construction']}) with "
        f"{best['num_candidates']} candidates: it finds {rounded(best['recall'], '.1%')} in "
        f"{rounded(best['latency_p50'], '.1f')} ms, the flat scan all in "
        f"{rounded(flat['latency_p50'], '.1f')} ms ({rounded(best['ratio'], '.2f')} times its "
        f"time, {ends}); {RECALL_AT_1.name} {rounded(best[RECALL_AT_1.name])} against "
        f"{rounded(flat[RECALL_AT_1.name])}, {rounded(best['bytes_per_document'], ',.0f')} bytes a "
        f"document against {rounded(flat['bytes_per_document'], ',.0f')}."
    )
