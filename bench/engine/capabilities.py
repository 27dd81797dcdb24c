"""What an engine can do, asked of the engine and not of its number.

Versions, distributions and licences of two products differ in what they have; each question is the
very request that a run would send. What credentials do not allow to ask is taken to be there: the
run's own request then says which privilege is missing.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from typing import Any, Self
from urllib.parse import quote

from elasticsearch import ApiError, AuthorizationException, NotFoundError

from bench.engine.catalog import Distribution
from bench.engine.client import Client, error_of, is_serverless, retried, shards_of
from bench.engine.errors import EngineError

#: What each is called in a sentence.
TITLES = {
    "disk_usage": "bytes by field (_disk_usage)",
    "synthetic_source": "synthetic _source",
    "knn": "vectors of bytes (dense_vector, knn)",
    "bit_vectors": "vectors of bits (dense_vector, knn)",
    "retention_leases": "retention leases in _stats",
    "zstd": "Zstandard as best_compression",
}
#: Statuses of a request for which there is no handler.
_NO_HANDLER = (400, 404, 405, 410)
#: Errors of mappings, settings and queries that an engine does not know. Another, such as that a
#: cluster has no room for one more shard, says nothing of what it can do.
_LACKING = (
    "illegal_argument_exception",
    "mapper_parsing_exception",
    "parsing_exception",
    "settings_exception",
)
_SHAPE = {"number_of_shards": 1, "number_of_replicas": 0}


@dataclass(frozen=True)
class Capabilities:
    """What an engine can do; None where that was not asked."""

    disk_usage: bool | None = None
    synthetic_source: bool | None = None
    knn: bool | None = None
    bit_vectors: bool | None = None
    retention_leases: bool | None = None
    zstd: bool | None = None

    @classmethod
    def of(cls, distribution: Distribution) -> Self:
        """What an engine that can be embedded can do, as the catalog says."""
        return cls(**{one.name: one.name not in distribution.lacks for one in fields(cls)})

    def missing(self, needs: Collection[str]) -> list[str]:
        """Which of the named capabilities the engine has said that it lacks."""
        return [one.name for one in fields(self) if one.name in needs and self.lacks(one.name)]

    def lacks(self, name: str) -> bool:
        """Whether the engine has said that it cannot do something."""
        return getattr(self, name) is False


#: All that can be asked for.
ALL = tuple(TITLES)


def ask_capabilities(
    client: Client, probe: str, mark: Mapping[str, Any], wanted: Collection[str] = ALL
) -> Capabilities:
    """Ask an engine what it can do.

    Mappings and settings are tried on an index of the name `probe`, which is deleted again. It has
    `mark` as its ``_meta``, so that one that a killed process has left is known as such.
    """
    asked = {
        name: question(client, probe, mark)
        for name, question in _QUESTIONS.items()
        if name in wanted
    }
    return Capabilities(**asked)


def disk_usage(client: Client, index: str) -> Any:
    """The engine's estimate of the bytes of each field of an index; None if it makes none."""
    try:
        # No flush: looking must change nothing.
        return client.perform_request(
            "POST",
            f"/{quote(index, safe='')}/_disk_usage",
            params={"run_expensive_tasks": "true", "flush": "false"},
            headers={"accept": "application/json"},
        )
    except ApiError as error:
        if _has_no_handler(error):
            return None
        raise


def leased_copies(stats: Any, index: str) -> list[Any] | None:
    """Every copy of every shard in the statistics of an index; None if one tells no leases."""
    copies = [copy for shard in shards_of(stats, index).values() for copy in shard]
    return copies if all("retention_leases" in copy for copy in copies) else None


def _has_no_handler(error: ApiError) -> bool:
    says_nothing = error_of(error.body).get("type") is None
    return error.status_code in _NO_HANDLER and (says_nothing or is_serverless(error))


def _tells_disk_usage(client: Client, probe: str, mark: Mapping[str, Any]) -> bool:
    """Asked of an index that is not there: what answers that it is missing would have told."""
    try:
        return retried(lambda: disk_usage(client, probe)) is not None
    except (NotFoundError, AuthorizationException):
        return True


@contextmanager
def _probe(
    client: Client, name: str, mark: Mapping[str, Any], body: Mapping[str, Any]
) -> Iterator[None]:
    mappings = {**body.get("mappings", {}), "_meta": dict(mark)}
    settings = _SHAPE | body.get("settings", {})
    _delete_left(client, name, mark)
    try:
        retried(lambda: client.indices.create(index=name, mappings=mappings, settings=settings))
        yield
    finally:
        # Whatever went wrong before is what is told.
        with suppress(ApiError):
            client.indices.delete(index=name)


def _delete_left(client: Client, name: str, mark: Mapping[str, Any]) -> None:
    """Delete what a process that was killed has left; an index of somebody else stays."""
    try:
        found = client.indices.get_mapping(index=name)
    except (NotFoundError, AuthorizationException):
        return
    meta = found[name]["mappings"].get("_meta") if name in found else None
    if meta != mark:
        raise EngineError(
            f"Index {name!r} exists and is not of this run, which would ask with it what the "
            "engine can do. Delete it if it is yours, and run again."
        )
    client.indices.delete(index=name)


def _accepts(
    body: Mapping[str, Any], then: Callable[[Client, str], bool] = lambda client, probe: True
) -> Callable[[Client, str, Mapping[str, Any]], bool]:
    """The question whether an index can be made so, and what is then asked of it."""

    def ask(client: Client, probe: str, mark: Mapping[str, Any]) -> bool:
        try:
            with _probe(client, probe, mark, body):
                return then(client, probe)
        except AuthorizationException:
            return True
        except ApiError as error:
            if error_of(error.body).get("type") in _LACKING:
                return False
            raise

    return ask


def _vectors(element: str) -> dict[str, Any]:
    def of(kind: str) -> dict[str, Any]:
        return {
            "type": "dense_vector",
            "element_type": element,
            "dims": 8,
            "index": True,
            "similarity": "l2_norm",
            "index_options": {"type": kind},
        }

    return {"mappings": {"properties": {"flat": of("flat"), "hnsw": of("hnsw")}}}


def _searched(vector: str) -> Callable[[Client, str], bool]:
    def search(client: Client, probe: str) -> bool:
        knn = {"field": "flat", "query_vector": vector, "k": 1}
        retried(lambda: client.search(index=probe, query={"knn": knn}, size=1))
        return True

    return search


def _stays_synthetic(client: Client, probe: str) -> bool:
    # A licence that does not have it is no error: the engine keeps the source as it was sent.
    settings = client.indices.get_settings(index=probe)[probe]["settings"]["index"]
    return bool(settings["mapping"]["source"]["mode"] == "synthetic")


def _leases_told(client: Client, probe: str) -> bool:
    stats = client.indices.stats(index=probe, metric="docs", level="shards")
    return leased_copies(stats, probe) is not None


def _zstd_written(client: Client, probe: str) -> bool:
    client.index(index=probe, id="1", document={}, refresh=True)
    shards = client.indices.segments(index=probe)["indices"][probe]["shards"].values()
    segments = [one for copies in shards for copy in copies for one in copy["segments"].values()]
    return any(name.startswith("Zstd") for one in segments for name in one.get("attributes", {}))


_QUESTIONS: dict[str, Callable[[Client, str, Mapping[str, Any]], bool]] = {
    "disk_usage": _tells_disk_usage,
    "synthetic_source": _accepts(
        {"settings": {"mapping.source.mode": "synthetic"}}, _stays_synthetic
    ),
    "knn": _accepts(_vectors("byte"), _searched("00" * 8)),
    "bit_vectors": _accepts(_vectors("bit"), _searched("00")),
    "retention_leases": _accepts({}, _leases_told),
    "zstd": _accepts({"settings": {"codec": "best_compression"}}, _zstd_written),
}
