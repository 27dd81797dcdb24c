"""Faults while documents are loaded."""

from collections.abc import Callable
from functools import partial
from typing import Any

from bench.engine import open_engine
from bench.index.build import send_chunk
from tests.faults.http_proxy import Rule
from tests.faults.injection import INDEX, Injection, Site, probe

BULK = r"PUT .*/_bulk|POST .*/_bulk"
REJECTED = {
    "type": "es_rejected_execution_exception",
    "reason": "rejected execution of primary operation [coordinating_and_primary_bytes=1]",
}
_BUSY = {"error": REJECTED, "status": 429}


def bulk_injections() -> list[Injection]:
    """Faults in bulk requests, and between them."""
    return [
        Injection("429 to a bulk request", (Rule(BULK, 2, 1, status=429, body=_BUSY),)),
        Injection(
            "429 to every seventh document of a bulk request", (Rule(BULK, 2, rewrite=_reject),)
        ),
        Injection(
            "429 to every bulk request",
            (Rule(BULK, times=None, status=429, body=_BUSY),),
            "answers 429 .*es_rejected.*too busy.*Run again when it has less to do",
            work=_twice,
        ),
        Injection(
            "429 to a document, whenever it is sent",
            (Rule(BULK, times=None, rewrite=_reject),),
            "too busy.*after 2 attempts.*Run again when it is less busy",
            work=_twice,
        ),
        Injection("reset (RST) before a bulk request", (Rule(BULK, 2, reset="before"),)),
        Injection("reset (RST) after a bulk request", (Rule(BULK, 2, reset="after"),)),
        Injection(
            "reset (RST) of every bulk request",
            (Rule(BULK, times=None, reset="before"),),
            "connection to the engine was lost.*See that it still runs.*run again",
        ),
        Injection(
            "reset (RST) of a bulk request that arrives late, after it was sent again", work=_late
        ),
        Injection("answer to a bulk request cut in the middle", (Rule(BULK, 2, keep=700),)),
        Injection(
            "answer to a bulk request without its last document",
            (Rule(BULK, 2, rewrite=_shorten),),
            "answered for 99 of 100 documents.*Run again to rebuild",
        ),
        Injection(
            "no answer to a bulk request in time",
            (Rule(BULK, 2, delay=3.0),),
            "did not answer in time.*overloaded.*run again",
            work=partial(probe, patience=1.0),
        ),
        Injection(
            "slow node: every request takes 30 ms longer", (Rule("", times=None, delay=0.03),)
        ),
        _between(
            "disk full past the flood stage (the index is blocked) in mid-load",
            "cluster_block_exception.*disk.*free some space.*run again",
            lambda site: site.client.indices.put_settings(
                index=INDEX, settings={"blocks.read_only_allow_delete": True}
            ),
        ),
        _between(
            "index deleted by somebody in mid-load",
            "was deleted while it was loaded.*delete it, and run again",
            lambda site: site.client.indices.delete(index=INDEX),
            nth=3,
        ),
        _between(
            "index deleted by somebody before the first document (Elasticsearch makes another)",
            "was deleted while it was loaded.*delete it, and run again",
            lambda site: site.client.indices.delete(index=INDEX),
            nth=1,
        ),
    ]


def _between(
    injected: str, message: str, done: Callable[[Site], object], nth: int = 2
) -> Injection:
    """Something that is done to the engine before the n-th bulk request reaches it."""

    def work(site: Site) -> str:
        site.proxy.use(Rule(BULK, nth, also=lambda: done(site)))
        return probe(site)

    return Injection(injected, (), message, work=work)


def _late(site: Site) -> str:
    """The second request is cut off, sent again as the third, and arrives before the fifth."""
    site.proxy.use(Rule(BULK, 2, reset="late"), Rule(BULK, 4, also=site.proxy.deliver))
    return probe(site)


def _reject(answer: Any) -> Any:
    for item in answer["items"][3::7]:
        item["index"] |= {"status": 429, "error": REJECTED}
    return answer | {"errors": True}


def _shorten(answer: Any) -> Any:
    return answer | {"items": answer["items"][:-1]}


def _twice(site: Site) -> None:
    """Documents that are sent twice at most, with a second between: a minute is no use here."""
    with open_engine(site.folder, env=site.env) as engine:
        engine.client.indices.create(index=INDEX)
        actions = [{"_op_type": "index", "_id": str(i), "_source": {"n": i}} for i in range(10)]
        send_chunk(engine.client, INDEX, actions, attempts=2)
