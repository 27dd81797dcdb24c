"""Copy what is not yet copied, a page at a time, and write down how far that is.

A pass reads, shard by shard, from where the last one stopped up to the number that was final when
it began. Documents keep their ids and a later write of the same document comes later, so that a
page that is sent twice leaves the same index. Memory is that of a page.

One case is left: a request that a proxy keeps back while the connection is lost, the command is
started again and a document of that page is changed and copied anew, puts the earlier state back.
Versions (see `bench.bulk`) would prevent it, but here they would have to be those of the source,
another number for each document, which takes bytes in an index that is made to be small.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from bench.errors import MeasurementError
from bench.migrate.convert import Converted, convert
from bench.migrate.destination import Progress, save_progress
from bench.migrate.plan import Plan
from bench.migrate.scan import checkpoints, count_after, pages

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
    return count_after(client, plan.source.index, _done(plan, progress))


def copy_pass(
    client: Elasticsearch,
    plan: Plan,
    progress: Progress,
    pace: Pace,
    *,
    skip_refused: bool = False,
    advance: Callable[[int], object] = lambda done: None,
) -> None:
    """Copy everything that is final in the source now and not yet copied.

    Parameters
    ----------
    client : Elasticsearch
        The cluster's client.
    plan : Plan
        From what to what.
    progress : Progress
        How far it is; brought up to date.
    pace : Pace
        How fast.
    skip_refused : bool
        Whether to go on however many documents cannot be migrated (up to 10,000).
    advance : callable
        Called with the number of documents done since the last call.

    Raises
    ------
    MeasurementError
        If too many documents cannot be migrated, or the cluster refuses a write.
    """
    until = checkpoints(client, plan.source.index)
    # What was final then is seen by searches after the next refresh, which is the source's affair.
    time.sleep(max(0.0, plan.source.refresh_seconds))
    limit = SKIPPED_AT_MOST if skip_refused else REFUSED_AT_MOST
    throttle = _Throttle(pace.per_second)
    for shard, last in until.items():
        begin, saved = progress.done.get(shard, -1), float("-inf")
        for hits in pages(client, plan.source.index, shard, begin, last, pace.batch):
            _send(client, plan, progress, convert(plan, hits))
            progress.done[shard] = int(hits[-1]["_seq_no"])
            if len(progress.refused) > limit:
                save_progress(client, plan, progress)
                raise _too_many(plan, progress, limit, skip_refused)
            if time.monotonic() - saved > SAVE_EVERY:
                # A flush ends a segment. A shard of one segment alone would keep its copies for
                # recovery: a force-merge has nothing to rewrite there, see `bench.storage`.
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
        _actions(converted),
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


def _actions(converted: list[Converted]) -> Iterator[dict[str, Any]]:
    for one in converted:
        action: dict[str, Any] = {"_id": one.id}
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


class _Throttle:
    """Waits so long that no more than so many documents a second are done."""

    def __init__(self, per_second: float | None) -> None:
        self._per_second, self._begun, self._done = per_second, time.monotonic(), 0

    def wait(self, documents: int) -> None:
        if self._per_second is None:
            return
        self._done += documents
        ahead = self._begun + self._done / self._per_second - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
