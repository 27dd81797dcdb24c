"""A node is killed while one client searches; what it is told, and when all is whole again.

``health``
    One row an index and look at the cluster, some ten a second: seconds since the node was killed,
    how many nodes the cluster counts, the colour of the index, and how many copies of its shards
    serve.
``lost``
    One row a search: ``outcome`` is `SAME` where the hits are those of before, `PARTIAL` where the
    answer is of some shards only, `ERROR` where there is none, with the ``reason``; `DIFFERENT`
    ends the run.

The client talks to one node, which is not the one that is killed, and does not repeat a search
beyond what the harness's client does of itself: after a lost connection.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd
import psutil
from elastic_transport import TransportError
from elasticsearch import ApiError

from bench.engine import Engine, engine_status
from bench.engine.client import Client, error_of
from bench.engine.embedded import connect_to
from bench.engine.errors import EngineError
from bench.index.variant import Variant
from bench.kinds.nodes.config import Loss
from bench.runs.errors import MeasurementError
from bench.search.search import WARM_UP, hit_scores, send_search

SAME, PARTIAL, ERROR, DIFFERENT = "same", "partial", "error", "different"
#: Seconds between two looks at the cluster.
LOOK = 0.1
#: Documents, and their scores.
Hits = tuple[list[int], list[int]]


class Asked(NamedTuple):
    """A search, and the hits that it had before: documents and whole scores in their order."""

    of: Variant
    variant: str
    arrangement: str
    query: int
    body: dict[str, Any]
    hits: Hits


@dataclass(frozen=True)
class Victim:
    """A node that may be lost: not the master, nor the one that is asked."""

    name: str
    pid: int

    def kill(self) -> None:
        """End it as a loss of power would, with SIGKILL."""
        psutil.Process(self.pid).kill()


@contextmanager
def first_node(engine: Engine) -> Iterator[Client]:
    """A client of the engine's first node alone, which goes to no other."""
    (state,) = [one for one in engine_status() if one.url == engine.url]
    with connect_to([state]) as client:
        yield client


def find_victim(client: Client) -> Victim:
    """The first node by its name that is neither the master nor the one that answers."""
    own = set(client.nodes.info(node_id="_local", metric=["process"])["nodes"])
    master = client.cluster.state(metric=["master_node"])["master_node"]
    nodes = client.nodes.info(metric=["process"])["nodes"]
    left = {key: one for key, one in nodes.items() if key not in own | {master}}
    if not left:
        raise EngineError(f"None of {len(nodes)} nodes can be lost; start three or more.")
    chosen = min(left.values(), key=lambda one: str(one["name"]))
    return Victim(str(chosen["name"]), int(chosen["process"]["id"]))


def delay_copies(client: Client, indices: Sequence[str], seconds: int) -> None:
    """Say how long a lost node may come back before its copies are made again."""
    setting = {"index.unassigned.node_left.delayed_timeout": f"{seconds}s"}
    client.indices.put_settings(index=",".join(indices), settings=setting)


def lose_node(
    asking: Client,
    looking: Client,
    victim: Victim,
    asked: Sequence[Asked],
    indices: Sequence[str],
    loss: Loss,
) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Kill a node while all that is `asked` is asked in turn: rows of ``lost`` and ``health``.

    It ends a while after all `indices` are green again on the nodes left. Also returned is when the
    node was killed, by the clock of `time.monotonic`.
    """
    for one in asked[:WARM_UP]:  # off the record
        ask(asking, one)
    watch = _Watch(looking, victim, indices, loss)
    rows: list[dict[str, Any]] = []
    with ThreadPoolExecutor(1) as thread:
        watching: Future[None] = thread.submit(watch.look_on)
        due, number = time.monotonic(), 0
        while not watching.done():
            rows.append(ask(asking, asked[number % len(asked)]))
            number += 1
            # What could not be sent in time is not made up for: one client waits for its answers.
            due = max(due + 1 / loss.rate, time.monotonic())
            time.sleep(max(0.0, due - time.monotonic()))
        watching.result()
    sent = pd.DataFrame(rows)
    looked = pd.DataFrame(watch.rows)
    return since(sent, watch.killed), since(looked, watch.killed), watch.killed


def since(rows: pd.DataFrame, killed: float) -> pd.DataFrame:
    """Rows whose times are seconds from when the node was killed."""
    return rows.assign(seconds=rows["seconds"] - killed)


def ask(client: Client, asked: Asked) -> dict[str, Any]:
    """A row of ``lost``, by the clock of `time.monotonic`."""
    begun = time.monotonic()
    reason = ""
    try:
        hits = send_search(client, asked.body)["hits"]["hits"]
    except MeasurementError as error:
        outcome, reason = PARTIAL, str(error).partition(",")[0]
    except ApiError as error:
        outcome, reason = ERROR, f"{error.status_code} {error_of(error.body).get('type', '')}"
    except TransportError as error:
        outcome, reason = ERROR, type(error).__name__
    else:
        scores = hit_scores(asked.of, [hits]).tolist()
        outcome = SAME if ([int(hit["_id"]) for hit in hits], scores) == asked.hits else DIFFERENT
    latency = (time.monotonic() - begun) * 1000
    return {
        "variant": asked.variant,
        "arrangement": asked.arrangement,
        "query": asked.query,
        "seconds": begun,
        "outcome": outcome,
        "reason": reason.strip(),
        "latency_ms": latency,
    }


def hits_of(answers: pd.DataFrame) -> Mapping[int, Hits]:
    """Hits of each query as `Asked` has them, from rows of ``answers`` of one index."""
    return {
        int(own["query"].iloc[0]): (own["doc"].to_list(), own["score"].to_list())
        for _, own in answers.groupby("query", sort=False)
    }


class _Watch:
    """Kills the node, and looks at the cluster until all is whole again."""

    def __init__(
        self,
        client: Client,
        victim: Victim,
        indices: Sequence[str],
        loss: Loss,
    ) -> None:
        self._client, self._victim, self._indices, self._loss = client, victim, indices, loss
        self.rows: list[dict[str, Any]] = []
        self.killed = 0.0

    def look_on(self) -> None:
        """From some seconds before to some seconds after."""
        begun = time.monotonic()
        while time.monotonic() - begun < self._loss.before:
            self._look()
            time.sleep(LOOK)
        nodes = self.rows[-1]["nodes"]
        self._victim.kill()
        self.killed = time.monotonic()
        whole = None
        while time.monotonic() - self.killed < self._loss.limit:
            looked = self._look()
            if looked and all(one["nodes"] < nodes and one["status"] == "green" for one in looked):
                whole = whole or time.monotonic()
                if time.monotonic() - whole >= self._loss.after:
                    return
            time.sleep(LOOK)

    def _look(self) -> list[dict[str, Any]]:
        now = time.monotonic()
        try:
            told = self._client.cluster.health(index=",".join(self._indices), level="indices")
        except (ApiError, TransportError):  # the cluster is without a master for a moment
            return []
        looked = [
            {
                "index": name,
                "seconds": now,
                "nodes": int(told["number_of_nodes"]),
                "status": str(one["status"]),
                "copies": int(one["active_shards"]),
            }
            for name, one in told["indices"].items()
        ]
        self.rows += looked
        return looked
