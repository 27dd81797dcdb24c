"""The new index: created, marked as made by this migration, and the place where progress is kept.

The mark stands in the mapping's ``_meta``, so that a migration can be taken up on any machine and
what is known of its progress is never that of another index.

https://www.elastic.co/guide/en/elasticsearch/reference/8.18/mapping-meta-field.html
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch, NotFoundError
from elasticsearch.helpers import streaming_bulk

from bench.index.build import CONFLICT
from bench.migrate.convert import Converted, convert
from bench.migrate.plan import LOADING, Plan
from bench.migrate.source import checkpoints, count_after, pages
from bench.runs.errors import IndexStateError, MeasurementError

#: Key in the new index's ``_meta``.
MARK = "imgsig_migrate"


@dataclass
class Progress:
    """How far a migration has come.

    Parameters
    ----------
    done : dict of int to int
        By shard of the source: sequence number up to which everything is copied.
    refused : dict of str to str
        Ids of documents that cannot be migrated, and why.
    uuid : str
        Identity of the new index.
    version : int
        Of all documents that the last pass has sent; 0 where none has sent any.
    """

    done: dict[int, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    uuid: str = ""
    version: int = 0


def read_progress(client: Elasticsearch, plan: Plan) -> Progress | None:
    """How far this migration has come; None if the new index does not exist."""
    index = plan.index
    try:
        found = client.indices.get_mapping(index=index)
    except NotFoundError:
        return None
    mark = found[index]["mappings"].get("_meta", {}).get(MARK) if index in found else None
    if mark is None:
        raise IndexStateError(
            f"{index!r} exists and was not made by a migration; it is left untouched. Choose "
            "another name for the new index (--name)"
        )
    wanted = plan.identity()
    for key, value in wanted.items():
        if mark.get(key) != value:
            raise IndexStateError(
                f"index {index!r} was made by another migration: its {key} is {mark.get(key)}, "
                f"here {value}. It is left untouched; choose another name (--name), give the same "
                "options as then, or delete it yourself if it is not needed"
            )
    done = {int(shard): int(last) for shard, last in mark["done"].items()}
    # Earlier releases let the engine count versions, and noted none.
    version = int(mark.get("version", 0))
    return Progress(done, dict(mark["refused"]), _uuid(client, index), version)


def create(client: Elasticsearch, plan: Plan) -> Progress:
    """Create the new index with its mark."""
    progress = Progress()
    try:
        client.indices.create(
            index=plan.index,
            mappings={**plan.mappings(), "_meta": _meta(plan, progress)},
            settings={**plan.settings(), **LOADING},
        )
    except BadRequestError as error:
        if error.error == "resource_already_exists_exception":
            raise IndexStateError(
                f"{plan.index!r} has come to exist meanwhile; it is left untouched. Is the same "
                "migration running elsewhere?"
            ) from error
        raise
    progress.uuid = _uuid(client, plan.index)
    return progress


def save_progress(client: Elasticsearch, plan: Plan, progress: Progress) -> None:
    """Write down how far the migration has come; what it says is done must be in the index."""
    if _uuid(client, plan.index) != progress.uuid:
        raise IndexStateError(
            f"index {plan.index!r} was deleted during the migration. What has that name now is not "
            "what was asked for; delete it and start again"
        )
    client.indices.put_mapping(index=plan.index, meta=_meta(plan, progress))


def _uuid(client: Elasticsearch, index: str) -> str:
    return str(client.indices.get_settings(index=index)[index]["settings"]["index"]["uuid"])


def _meta(plan: Plan, progress: Progress) -> Mapping[str, Any]:
    done = {str(shard): last for shard, last in progress.done.items()}
    reached = {"done": done, "refused": dict(progress.refused), "version": progress.version}
    return {MARK: {**plan.identity(), **reached}}


def finish_loading(client: Elasticsearch, plan: Plan) -> None:
    """Make everything that was loaded durable and searchable, and refresh by the clock again."""
    client.indices.put_settings(index=plan.index, settings={"refresh_interval": None})
    client.indices.flush(index=plan.index, force=True, wait_if_ongoing=True)
    client.indices.refresh(index=plan.index)


#: Seconds between two times that progress is written down; each is a change of the cluster's state.
SAVE_EVERY = 10.0

#: Refused documents that a migration is given up at, and where they are passed over on purpose.
REFUSED_AT_MOST, SKIPPED_AT_MOST = 100, 10_000


@dataclass(frozen=True)
class Pace:
    """How fast documents are copied.

    Parameters
    ----------
    batch : int
        Documents read and sent at a time.
    per_second : float or None
        Documents a second at most.
    """

    batch: int = 500
    per_second: float | None = None


def remaining(client: Elasticsearch, plan: Plan, progress: Progress) -> int:
    """Documents of the source that are not yet copied, or were changed since."""
    return count_after(client, plan.source.index, _done(plan, progress), only=plan.source.only)


def copy_pass(
    client: Elasticsearch,
    plan: Plan,
    progress: Progress,
    pace: Pace,
    *,
    skip_refused: bool = False,
    advance: Callable[[int], object] = lambda done: None,
) -> None:
    """Copy everything that is final in the source now and not yet copied."""
    # Written down before anything is sent, so that no later pass has it, whatever the clock says.
    progress.version = max(progress.version + 1, int(time.time()))
    save_progress(client, plan, progress)
    until = checkpoints(client, plan.source.index)
    # What was final then is seen by searches after the next refresh, which is the source's affair.
    time.sleep(max(0.0, plan.source.refresh_seconds))
    limit = SKIPPED_AT_MOST if skip_refused else REFUSED_AT_MOST
    throttle = Throttle(pace.per_second)
    for shard, last in until.items():
        begin, saved = progress.done.get(shard, -1), float("-inf")
        source = plan.source
        for hits in pages(
            client,
            source.index,
            shard,
            begin,
            last,
            pace.batch,
            source.prefixes,
            only=source.only,
        ):
            _send(client, plan, progress, convert(plan, hits))
            progress.done[shard] = int(hits[-1]["_seq_no"])
            if len(progress.refused) > limit:
                save_progress(client, plan, progress)
                raise _too_many(plan, progress, limit, skip_refused)
            if time.monotonic() - saved > SAVE_EVERY:
                # A flush ends a segment. A shard of one segment alone would keep its copies for
                # recovery: a force-merge has nothing to rewrite there, see `bench.index.storage`.
                client.indices.flush(index=plan.index, force=True, wait_if_ongoing=True)
                save_progress(client, plan, progress)
                saved = time.monotonic()
            advance(len(hits))
            throttle.wait(len(hits))
        progress.done[shard] = max(begin, last)
    save_progress(client, plan, progress)


def _done(plan: Plan, progress: Progress) -> dict[int, int]:
    return {shard: progress.done.get(shard, -1) for shard in plan.source.until}


def _send(
    client: Elasticsearch, plan: Plan, progress: Progress, converted: list[Converted]
) -> None:
    # Sent again only where the engine says "too busy" (429): ids are fixed, so nothing doubles.
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
    sent = {one.id: one for one in converted}
    for ok, answer in answers:  # in another order where some were sent again
        ((action, result),) = answer.items()
        one = sent.pop(result["_id"])
        if result.get("status") == CONFLICT:
            raise MeasurementError(
                f"index {plan.index!r} holds a later document {one.id!r} than the one sent "
                f"({_cause(result)}): the same migration runs elsewhere, or somebody else writes "
                "to it. Stop that, then start the same command again to go on from here"
            )
        if one.document is None:
            if not ok and result.get("status") != 404:
                raise MeasurementError(f"index {plan.index!r} does not let go of {one.id!r}")
            progress.refused[one.id] = one.reason
        elif ok:
            progress.refused.pop(one.id, None)
        elif result.get("status") == 400:  # the document's own fault
            progress.refused[one.id] = _cause(result)
        else:
            raise MeasurementError(
                f"index {plan.index!r} answers {result.get('status')} to {action} of document "
                f"{one.id!r}: {_cause(result)}. Start the same command again to go on from here"
            )
    if sent:
        raise MeasurementError(f"index {plan.index!r} gave no answer for {next(iter(sent))!r}")


def _actions(converted: list[Converted], version: int) -> Iterator[dict[str, Any]]:
    # Not "external", which refuses the same version: where the source refreshes in the midst of a
    # pass, a page may have a document that an earlier page had in its state of before.
    versioned = {"_version": version, "_version_type": "external_gte"}
    for one in converted:
        action: dict[str, Any] = {"_id": one.id, **versioned}
        if one.routing is not None:
            action["routing"] = one.routing
        if one.document is None:  # an earlier state of it may be there
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


def _too_many(plan: Plan, progress: Progress, limit: int, skipping: bool) -> MeasurementError:
    id_, reason = next(iter(progress.refused.items()))
    remedy = (
        "so many are no accident: look at the source"
        if skipping
        else "look at them, correct the options, or pass over them with --skip-bad"
    )
    return MeasurementError(
        f"more than {limit} documents of {plan.source.index!r} cannot be migrated, the first of "
        f"them {id_!r}: {reason}; {remedy}"
    )


class Throttle:
    """Waits so long that no more than so many documents a second are done."""

    def __init__(self, per_second: float | None) -> None:
        self._per_second, self._begun, self._done = per_second, time.monotonic(), 0

    def wait(self, documents: int) -> None:
        """Wait after so many documents."""
        if self._per_second is None:
            return
        self._done += documents
        ahead = self._begun + self._done / self._per_second - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
