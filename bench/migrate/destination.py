"""The new index: created, filled a page at a time, with a mark that says how far that is.

The mark is in the mapping's ``_meta``, so that any machine can resume a migration and progress is
never confused with that of another index.

A pass copies, shard by shard, from where the last one stopped to the sequence number that was final
when it began. Documents keep their ids and later writes come later, so sending a page twice leaves
the same index. Memory is that of one page.

A delayed request may arrive when a later pass has already copied the document again. So a pass
gives its documents an external version higher than those of all passes before, and Elasticsearch
rejects what comes too late. The version is the second at which the pass began, in microseconds:
higher than what Elasticsearch counts itself, than that of an earlier index of this name, and than
that of a pass still running elsewhere; and so far from the next that an application which writes
to a document, and so adds one to its version, does not reach that of another pass. As all documents
share it, it takes no bytes in the index.

One gap remains: a document that can no longer be migrated is deleted, and Elasticsearch forgets the
version of a deleted document after a minute (``index.gc_deletes``). A request delayed longer than
that brings back an earlier state; that is a document too many, which `bench.migrate.verify` finds.

https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/mapping-meta-field
https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-index
https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-delete
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from elasticsearch import BadRequestError, NotFoundError

from bench.engine.client import Client, streaming_bulk
from bench.index.build import CONFLICT
from bench.migrate.convert import Converted, convert
from bench.migrate.plan import LOADING, MigrationPlan
from bench.runs.errors import IndexStateError, MeasurementError

#: Key in the new index's ``_meta``.
MARK = "imgsig_migrate"

#: Between the versions of two passes; a document would need as many writes to get from one to the
#: other.
STRIDE = 1_000_000


@dataclass
class Progress:
    """How far a migration has come."""

    #: Sequence number up to which everything is copied, by shard of the source.
    done: dict[int, int] = field(default_factory=dict)
    #: Ids of documents that cannot be migrated, and why.
    refused: dict[str, str] = field(default_factory=dict)
    uuid: str = ""  # of the new index
    version: int = 0  # of the documents that the last pass sent; 0 before the first
    #: Of the documents of all passes: what has another one was not sent by them.
    versions: list[int] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)  # see `bench.migrate.kept.Kept.columns`
    #: Of the new index, as it was found.
    properties: dict[str, Any] = field(default_factory=dict, compare=False)


def read_progress(client: Client, plan: MigrationPlan) -> Progress | None:
    """Read how far this migration has come; None if the new index does not exist."""
    index = plan.index
    try:
        found = client.indices.get_mapping(index=index)
    except NotFoundError:
        return None
    mappings = found[index]["mappings"] if index in found else {}
    mark = mappings.get("_meta", {}).get(MARK)
    if mark is None:
        raise IndexStateError(
            f"index {index!r} exists and was not made by a migration; it is left untouched. Choose "
            "another name for the new index (--name)"
        )
    wanted = plan.identity()
    for key, value in wanted.items():
        if mark.get(key) != value:
            raise IndexStateError(
                f"index {index!r} was made by another migration: its {key} is {mark.get(key)}, "
                f"not {value}. It is left untouched; choose another name (--name), give the "
                "options of that migration, or delete the index if it is not needed"
            )
    done = {int(shard): int(last) for shard, last in mark["done"].items()}
    # Earlier releases let Elasticsearch count versions and recorded none.
    version = int(mark.get("version", 0))
    return Progress(
        done=done,
        refused=dict(mark["refused"]),
        uuid=_uuid(client, index),
        version=version,
        versions=list(mark.get("versions", [])),
        columns=list(mark.get("columns", [])),
        properties=mappings.get("properties", {}),
    )


def create(client: Client, plan: MigrationPlan) -> Progress:
    """Create the new index with its mark."""
    progress = Progress(columns=list(plan.kept.columns))
    try:
        client.indices.create(
            index=plan.index,
            mappings={**plan.mappings(), "_meta": _meta(plan, progress)},
            settings={**plan.settings(), **LOADING},
        )
    except BadRequestError as error:
        if error.error == "resource_already_exists_exception":
            raise IndexStateError(
                f"index {plan.index!r} was created by somebody else just now; it is left "
                "untouched. Is the same migration running elsewhere?"
            ) from error
        raise
    progress.uuid = _uuid(client, plan.index)
    return progress


def extend(client: Client, plan: MigrationPlan, progress: Progress) -> None:
    """Map what the source has got since the new index was created."""
    if new := _missing(plan.kept.properties, progress.properties):
        client.indices.put_mapping(index=plan.index, properties=new)


def _missing(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, mapping in wanted.items():
        if name not in there:
            found[name] = mapping
        elif inner := _missing(mapping.get("properties", {}), there[name].get("properties", {})):
            found[name] = {"properties": inner}
    return found


def save_progress(client: Client, plan: MigrationPlan, progress: Progress) -> None:
    """Record how far the migration has come; what it says is done must be in the index."""
    if _uuid(client, plan.index) != progress.uuid:
        raise IndexStateError(
            f"index {plan.index!r} was deleted during the migration, and the name now belongs to "
            "another index; delete that and start again"
        )
    client.indices.put_mapping(index=plan.index, meta=_meta(plan, progress))


def _uuid(client: Client, index: str) -> str:
    return str(client.indices.get_settings(index=index)[index]["settings"]["index"]["uuid"])


def _meta(plan: MigrationPlan, progress: Progress) -> Mapping[str, Any]:
    done = {str(shard): last for shard, last in progress.done.items()}
    reached = {"done": done, "refused": dict(progress.refused), "version": progress.version}
    reached |= {"versions": progress.versions, "columns": progress.columns}
    return {**plan.meta(), MARK: {**plan.identity(), **reached}}


def finish_loading(client: Client, plan: MigrationPlan) -> None:
    """Make all loaded documents durable and searchable, and refresh automatically again."""
    client.indices.put_settings(index=plan.index, settings={"refresh_interval": None})
    client.indices.flush(index=plan.index, force=True, wait_if_ongoing=True)
    client.indices.refresh(index=plan.index)


#: Seconds between two updates of the mark; each changes the cluster's state.
SAVE_EVERY = 10.0

#: Refused documents beyond which a migration stops; the second holds when they are skipped.
REFUSED_AT_MOST, SKIPPED_AT_MOST = 100, 10_000


@dataclass(frozen=True)
class Pace:
    """How fast documents are copied."""

    batch: int = 500  # documents read and sent at a time
    per_second: float | None = None  # documents, at most


def remaining(plan: MigrationPlan, progress: Progress) -> int:
    """Number of documents of the source not yet copied, or changed since."""
    done = {shard: progress.done.get(shard, -1) for shard in plan.source.until}
    return plan.source.reader().count_after(done)


def copy_pass(
    client: Client,
    plan: MigrationPlan,
    progress: Progress,
    pace: Pace,
    *,
    skip_refused: bool = False,
    advance: Callable[[int], object] = lambda done: None,
) -> None:
    """Copy everything that is final in the source now and not yet copied."""
    begin_pass(client, plan, progress)
    until = plan.source.checkpoints()
    # Searches see what was final then after the source's next refresh.
    time.sleep(max(0.0, plan.source.refresh_seconds))
    limit = SKIPPED_AT_MOST if skip_refused else REFUSED_AT_MOST
    throttle = Throttle(pace.per_second)
    _retry(client, plan, progress, pace)
    for shard, last in until.items():
        begin, saved = progress.done.get(shard, -1), float("-inf")
        for hits in plan.source.reader().pages(shard, begin, last, pace.batch):
            send(client, plan, progress, convert(plan, hits))
            progress.done[shard] = int(hits[-1]["_seq_no"])
            if len(progress.refused) > limit:
                save_progress(client, plan, progress)
                raise _too_many(plan, progress, limit, skip_refused)
            if time.monotonic() - saved > SAVE_EVERY:
                # A flush ends a segment. A shard with a single segment would keep its copies for
                # recovery, as a force-merge has nothing to rewrite: see `bench.index.storage`.
                client.indices.flush(index=plan.index, force=True, wait_if_ongoing=True)
                save_progress(client, plan, progress)
                saved = time.monotonic()
            advance(len(hits))
            throttle.wait(len(hits))
        progress.done[shard] = max(begin, last)
    save_progress(client, plan, progress)


def begin_pass(client: Client, plan: MigrationPlan, progress: Progress) -> None:
    """Choose the version of what is sent now."""
    # Saved before anything is sent: no later pass has this version, whatever the clock says.
    progress.version = max(progress.version + STRIDE, int(time.time()) * STRIDE)
    progress.versions.append(progress.version)
    save_progress(client, plan, progress)


def _retry(client: Client, plan: MigrationPlan, progress: Progress, pace: Pace) -> None:
    """Try again what was refused: the new index may have fields now that it had not.

    What the source no longer has is refused no more; a dump does not tell.
    """
    refused = list(progress.refused)
    for first in range(0, len(refused), pace.batch):
        ids = refused[first : first + pace.batch]
        hits = plan.source.reader().by_ids(ids)
        if hits:
            send(client, plan, progress, convert(plan, hits))
        if not plan.source.is_dump:
            for id_ in {*ids} - {hit["_id"] for hit in hits}:
                progress.refused.pop(id_, None)


def send(
    client: Client, plan: MigrationPlan, progress: Progress, converted: list[Converted]
) -> None:
    """Send a page of documents, and delete those that can no longer be migrated."""
    progress.refused |= {one.id: one.reason for one in converted if one.is_broken}
    converted = [one for one in converted if not one.is_broken]
    # Repeated only when Elasticsearch is too busy (429); ids are fixed, so nothing is duplicated.
    answers = streaming_bulk(
        client,
        _actions(converted, progress.version),
        index=plan.index,
        chunk_size=len(converted),
        raise_on_error=False,
        max_retries=8,
        initial_backoff=1,
        max_backoff=60,
    )
    sent, faulty = {one.id: one for one in converted}, list[Converted]()
    for ok, answer in answers:  # repeated ones come out of order
        ((action, result),) = answer.items()
        one = sent.pop(result["_id"])
        if result.get("status") == CONFLICT:
            raise MeasurementError(
                f"index {plan.index!r} holds a newer document {one.id!r} than the one sent "
                f"({_cause(result)}): the same migration runs elsewhere, or something else writes "
                "to the index. Stop that, then repeat the command to resume"
            )
        if one.document is None:
            if not ok and result.get("status") != 404:
                raise MeasurementError(
                    f"index {plan.index!r} answers {result.get('status')} to the deletion of "
                    f"document {one.id!r}: {_cause(result)}. Repeat the command to resume"
                )
            progress.refused[one.id] = one.reason
        elif ok:
            progress.refused.pop(one.id, None)
        elif result.get("status") == 400:  # the document's own fault
            faulty.append(replace(one, document=None, reason=_cause(result)))
        else:
            raise MeasurementError(
                f"index {plan.index!r} answers {result.get('status')} to {action} of document "
                f"{one.id!r}: {_cause(result)}. Repeat the command to resume"
            )
    if sent:
        raise MeasurementError(
            f"index {plan.index!r} gave no answer for document {next(iter(sent))!r}. Repeat the "
            "command to resume"
        )
    if faulty:
        send(client, plan, progress, faulty)


def _actions(converted: list[Converted], version: int) -> Iterator[dict[str, Any]]:
    # Not "external", which rejects an equal version: if the source refreshes during a pass, a later
    # page may hold a newer state of a document that an earlier page had.
    versioned = {"_version": version, "_version_type": "external_gte"}
    for one in converted:
        action: dict[str, Any] = {"_id": one.id, **versioned}
        if one.routing is not None:
            action["routing"] = one.routing
        if one.document is None:  # an earlier state of it may have been copied
            yield {**action, "_op_type": "delete"}
        else:
            yield {**action, "_op_type": "index", "_source": one.document}


def _cause(result: dict[str, Any]) -> str:
    error = result.get("error", {})
    if not isinstance(error, dict):
        return str(error)[:300]
    while "caused_by" in error:
        error = error["caused_by"]
    return str(error.get("reason", ""))[:300]


def _too_many(
    plan: MigrationPlan, progress: Progress, limit: int, skipping: bool
) -> MeasurementError:
    id_, reason = next(iter(progress.refused.items()))
    remedy = (
        "so many point to a problem with the source"
        if skipping
        else "look at them, correct the options, or skip them with --skip-bad"
    )
    return MeasurementError(
        f"more than {limit} documents of {plan.source.index!r} cannot be migrated; the first is "
        f"{id_!r}: {reason}; {remedy}"
    )


class Throttle:
    """Keeps the number of documents a second below a limit."""

    def __init__(self, per_second: float | None) -> None:
        self._per_second, self._begun, self._done = per_second, time.monotonic(), 0

    def wait(self, documents: int) -> None:
        """Wait as long as these documents make it necessary."""
        if self._per_second is None:
            return
        self._done += documents
        time.sleep(max(0.0, self._begun + self._done / self._per_second - time.monotonic()))
