"""Faults of a cluster as a whole: not there, not the right one, not healthy.

One that is not open to us is met for real, see `tests.faults.secured_faults`.
"""

import socket
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.engine import open_engine
from tests.faults.http_proxy import Rule
from tests.faults.injection import (
    INDEX,
    WHOLE,
    Injection,
    Site,
    build_and_search,
    probe,
)
from tests.faults.search_faults import make_red

_HELLO = r"GET /$"


def cluster_injections() -> list[Injection]:
    """Faults of a cluster."""
    return [
        Injection(
            "nothing listens at ES_URL",
            (),
            "cannot be reached.*See that it runs and that ES_URL is right",
            work=_nobody,
        ),
        Injection(
            "the cluster closes every connection (RST)",
            (Rule("", times=None, reset="before"),),
            "cannot be reached.*See that it runs and that ES_URL is right",
        ),
        *(
            Injection(
                f"a cluster of version {version}",
                (Rule(_HELLO, times=None, status=200, body=_version(version)),),
                f"is Elasticsearch {version}, and Elasticsearch 8 or 9.* needed: name such a",
            )
            for version in ("7.17.29", "10.1.0")
        ),
        Injection(
            "an OpenSearch in compatibility mode",
            (Rule("", times=None, status=200, body=_PRETENDING, names_itself=False),),
            "an OpenSearch in compatibility mode.*Switch that off on the cluster",
        ),
        Injection(
            "HTML page, status 200, at ES_URL",
            (Rule("", times=None, status=200, body="<html>Welcome</html>"),),
            "is not Elasticsearch.*name such a cluster in ES_URL",
        ),
        Injection(
            "a cluster that is red: a shard of an index has no node",
            (),
            f"is red: it cannot serve indices such as {INDEX}. Repair it first",
            also=make_red,
        ),
        Injection(
            "an index of somebody else has our index's name, with another mapping",
            (),
            "exists and was created by someone else.*left untouched. Give the variant another",
            work=_taken,
        ),
        Injection(
            "our index got another field after it was loaded",
            expected="noticed, and built again; all verified",
            work=_changed,
        ),
        Injection(
            "our index lost a document after it was loaded",
            expected="noticed, and built again; all verified",
            work=_lost,
        ),
    ]


_PRETENDING = {
    "version": {"number": "7.10.2"},
    "tagline": "The OpenSearch Project: https://opensearch.org/",
}


def _version(number: str) -> dict[str, Any]:
    return {"version": {"number": number}, "tagline": "You Know, for Search"}


def _nobody(site: Site) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with open_engine(site.folder, env={"ES_URL": f"http://127.0.0.1:{port}"}):
        pass


def _taken(site: Site) -> str:
    site.client.indices.create(index=INDEX, mappings={"properties": {"path": {"type": "long"}}})
    site.client.index(index=INDEX, id="1", document={"path": 7}, refresh=True)
    before = site.client.indices.get(index=INDEX).body
    try:
        return probe(site)
    finally:
        after = site.client.indices.get(index=INDEX).body
        if before != after or site.client.count(index=INDEX)["count"] != 1:
            raise RuntimeError(f"{INDEX} was changed: {after}")


def _changed(site: Site) -> str:
    return _again(
        site,
        lambda: site.client.indices.put_mapping(
            index=INDEX, properties={"odd": {"type": "keyword"}}
        ),
    )


def _lost(site: Site) -> str:
    return _again(site, lambda: site.client.delete(index=INDEX, id="3", refresh=True))


def _again(site: Site, meanwhile: Any) -> str:
    """Build and search, change the index, take the run up again."""
    with (
        TemporaryDirectory(dir=site.folder) as folder,
        open_engine(site.folder, env=site.env) as engine,
    ):
        state = Path(folder)
        build_and_search(engine, state)
        meanwhile()
        (state / "candidates.parquet").unlink()
        before = site.client.indices.get_settings(index=INDEX)[INDEX]["settings"]["index"]["uuid"]
        said = build_and_search(engine, state)
        after = site.client.indices.get_settings(index=INDEX)[INDEX]["settings"]["index"]["uuid"]
    if before == after or said != WHOLE:
        raise RuntimeError(f"the change was not noticed: {said}")
    return said
