"""Faults while an index is searched, counted and measured: a part is never a result."""

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

from elasticsearch import ElasticsearchWarning

from bench.compare.indices import compare_indices
from tests.faults.http_proxy import Rule
from tests.faults.injection import INDEX, Injection, Site, probe
from tests.shared import DISTRIBUTION, client_at

SEARCH, COUNT, REFRESH = r"/_search", r"/_count", r"/_refresh"
STATS, FLUSH = r"/_stats", r"/_flush"
_PART = "cut short .*{}.*a part is no result.*Run it again"
#: Elasticsearch names itself in every answer, OpenSearch in none: there a page is no JSON.
_NO_ANSWER = "not Elasticsearch" if DISTRIBUTION.engine == "elasticsearch" else "cannot be read"
_NO_SHARD = {
    "error": {"type": "search_phase_execution_exception", "reason": "all shards failed"},
    "status": 503,
}


def search_injections() -> list[Injection]:
    """Faults in reads."""
    page = "<html><body>502 Bad Gateway</body></html>"
    partial = {
        "a search": SEARCH,
        "a count": COUNT,
        "a refresh": REFRESH,
        "a flush": FLUSH,
        "the statistics": STATS,
    }
    return [
        *(
            Injection(
                f"a shard fails in {what}",
                (Rule(path, rewrite=_failed),),
                _PART.format("1 of 1 shards failed"),
            )
            for what, path in partial.items()
        ),
        Injection(
            "a shard fails in the 15th search",
            (Rule(SEARCH, 15, rewrite=_failed),),
            _PART.format("1 of 1 shards failed"),
        ),
        Injection(
            "a search says timed_out",
            (Rule(SEARCH, 5, rewrite=_with(timed_out=True)),),
            _PART.format("timed out"),
        ),
        Injection(
            "a search says terminated_early",
            (Rule(SEARCH, 5, rewrite=_with(terminated_early=True)),),
            _PART.format("ended early"),
        ),
        Injection(
            "the heap has no room for searches (its circuit breaker is set to 1 %)",
            (),
            "circuit_breaking_exception.*its heap has no room.*Give the server a larger one",
            work=_without_room,
        ),
        Injection(
            "shards that cannot match are skipped", (Rule(SEARCH, times=None, rewrite=_skipped),)
        ),
        Injection(
            "hits are missing in the 15th search",
            (Rule(SEARCH, 15, rewrite=_shorten),),
            "query 4, rank 19: the engine returned nothing instead of",
        ),
        Injection(
            "503 search_phase_execution to a search",
            (Rule(SEARCH, 5, status=503, body=_NO_SHARD),),
        ),
        Injection("429 to a search", (Rule(SEARCH, 12, status=429, body={"status": 429}),)),
        Injection("503 to a count", (Rule(COUNT, status=503, body=_NO_SHARD),)),
        Injection(
            "500 to a search",
            (Rule(SEARCH, 5, status=500, body={"error": {"type": "x", "reason": "y"}}),),
            "answers 500.*See|see its log, then run again",
        ),
        Injection("reset (RST) in a search", (Rule(SEARCH, 5, reset="before"),)),
        Injection("reset (RST) after a search", (Rule(SEARCH, 5, times=2, reset="after"),)),
        Injection("reset (RST) in a count", (Rule(COUNT, reset="after"),)),
        Injection("answer to a search cut in the middle", (Rule(SEARCH, 5, keep=300),)),
        Injection(
            "every answer to a search cut in the middle",
            (Rule(SEARCH, times=None, keep=300),),
            "connection to the engine was lost.*run again",
        ),
        Injection(
            "garbled JSON in the answer to a search",
            (Rule(SEARCH, 5, status=200, body=b'{"took": 3, "hits": {"hi'),),
            "cannot be read.*proxy.*See what ES_URL leads to",
        ),
        Injection(
            "HTML page of a proxy, status 200, instead of a search",
            (Rule(SEARCH, 5, status=200, body=page),),
            f"{_NO_ANSWER}.*proxy.*See what ES_URL leads to",
        ),
        Injection(
            "HTML page of a proxy, status 502, instead of a search",
            (Rule(SEARCH, 5, status=502, body=page),),
            "answers 502.*proxy.*See what ES_URL leads to",
        ),
        Injection(
            "index deleted by somebody between loading and searching",
            (),
            "answers 404 .*no such index.*Run again to rebuild it",
            work=_deleted_before_search,
        ),
        Injection(
            "compare: an index that is not there",
            (),
            f"there is no index '{INDEX}'",
            work=_compare,
        ),
        Injection(
            "compare: an index whose shard has no node",
            (),
            "is red|is red: 0 of 1 primary shards are available.*allocation/explain",
            work=_compare,
            also=make_red,
        ),
        Injection(
            "compare: a shard fails in the statistics",
            (Rule(STATS, rewrite=_failed),),
            _PART.format("1 of 1 shards failed"),
            work=_compare,
            also=lambda site: site.client.indices.create(index=INDEX),
        ),
    ]


def _without_room(site: Site) -> str:
    """The breaker counts what the heap holds already, so nothing passes but changes of settings."""
    cluster, breaker = site.client.cluster, "indices.breaker.total.limit"
    limit = partial(cluster.put_settings, persistent={breaker: "1%"})
    site.proxy.use(Rule(SEARCH, also=limit))
    with warnings.catch_warnings():  # nobody is to set it that low
        warnings.simplefilter("ignore", ElasticsearchWarning)
        try:
            return probe(site)
        finally:
            cluster.put_settings(persistent={breaker: None})


def make_red(site: Site) -> None:
    """Create the index so that no node may have its shard."""
    site.client.indices.create(
        index=INDEX,
        settings={"number_of_replicas": 0, "routing.allocation.require._name": "nobody"},
        wait_for_active_shards="0",
    )


def _with(**values: Any) -> Callable[[Any], Any]:
    return lambda answer: answer | values


def _failed(answer: Any) -> Any:
    failures = [{"shard": 0, "reason": {"type": "node_disconnected_exception"}}]
    shards = {"total": 1, "successful": 0, "skipped": 0, "failed": 1, "failures": failures}
    return answer | {"_shards": shards}


def _skipped(answer: Any) -> Any:
    return answer | {"_shards": {"total": 2, "successful": 2, "skipped": 1, "failed": 0}}


def _shorten(answer: Any) -> Any:
    return answer | {"hits": answer["hits"] | {"hits": answer["hits"]["hits"][:-1]}}


def _deleted_before_search(site: Site) -> str:
    site.proxy.use(Rule(SEARCH, also=lambda: site.client.indices.delete(index=INDEX)))
    return probe(site)


def _compare(site: Site) -> str:
    # Not by open_engine: that refuses a cluster which is red altogether.
    with client_at(site.proxy.url, site.engine) as client:
        return str(compare_indices(client, [INDEX]))
