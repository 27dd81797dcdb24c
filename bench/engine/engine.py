"""An Elasticsearch to work with, wherever it runs."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

from elasticsearch import ApiError, Elasticsearch

from bench.engine.client import connect
from bench.engine.cluster import embedded_cluster
from bench.engine.embedded import embedded_engine
from bench.engine.external import external_engine


@dataclass(frozen=True)
class Engine:
    """A healthy Elasticsearch and the connection to it.

    Parameters
    ----------
    kind : {"embedded", "external"}
        Whether it was started here, or runs elsewhere and is shared with others.
    url : str
        Its address, without credentials.
    client : Elasticsearch
        The connection; closed with the engine.
    lucene : str, optional
        Version of Lucene, where it cannot be asked for it.
    """

    kind: Literal["embedded", "external"]
    url: str
    client: Elasticsearch = field(repr=False, compare=False)
    lucene: str | None = None

    def describe(self) -> dict[str, object]:
        """Ask the cluster what it is; for the record of a measurement.

        Returns
        -------
        dict
            ``kind``, ``url``, ``elasticsearch``, ``lucene`` (None where it does not say),
            ``build_hash``, ``jvm``, ``heap_max_bytes`` and ``processors`` (of the node that has
            the fewest), ``cluster_uuid``, ``cluster_name``, ``nodes`` (how many). Where nodes
            differ in version, build or JVM, all are named, separated by commas.
        """
        info = self.client.nodes.info(metric=["jvm", "os"])
        nodes = list(info["nodes"].values())
        state = self.client.cluster.state(metric="version")
        return {
            "kind": self.kind,
            "url": self.url,
            "elasticsearch": _joined(node["version"] for node in nodes),
            "lucene": self.lucene or self._lucene(),
            "build_hash": _joined(node["build_hash"] for node in nodes),
            "jvm": _joined(f"{n['jvm']['vm_name']} {n['jvm']['vm_version']}" for n in nodes),
            "heap_max_bytes": min(node["jvm"]["mem"]["heap_max_in_bytes"] for node in nodes),
            "cluster_uuid": state["cluster_uuid"],
            "cluster_name": info["cluster_name"],
            "nodes": len(nodes),
            "processors": min(node["os"]["allocated_processors"] for node in nodes),
        }

    def _lucene(self) -> str | None:
        try:
            return str(self.client.info()["version"]["lucene_version"])
        except ApiError:  # the distribution for embedded use has no "GET /"
            return None


def _joined(values: Iterator[str]) -> str:
    return ", ".join(sorted(set(values)))


@contextmanager
def open_engine(
    folder: Path,
    *,
    heap: str = "1g",
    keep: bool = False,
    nodes: int = 1,
    env: Mapping[str, str] = os.environ,
    start_timeout: float = 120.0,
) -> Iterator[Engine]:
    """Give an Elasticsearch: the cluster that ES_URL names, or else one of our own.

    Parameters
    ----------
    folder : Path
        Where an engine of our own has its data. Starting again on the same folder serves the same
        indices. Root's engines run as ``nobody``: where ``nobody`` cannot reach `folder`, a folder
        in the cache stands in for it.
    env : Mapping
        The environment: ES_URL, ES_API_KEY, ES_USER, ES_PASSWORD, ES_CA_CERTS, ES_VERIFY_CERTS,
        ES_JAVA_HOME, JAVA_HOME, PATH.
    """
    if env.get("ES_URL"):
        with external_engine(env) as (url, client):
            yield Engine("external", url, client)
        return
    started = partial(
        embedded_engine if nodes == 1 else partial(embedded_cluster, nodes=nodes),
        folder,
        heap=heap,
        keep=keep,
        env=env,
        start_timeout=start_timeout,
    )
    with started() as running:
        states = running if isinstance(running, list) else [running]
        with connect([state.url for state in states]) as client:
            yield Engine("embedded", states[0].url, client, states[0].lucene)
