"""Make the new index equal to the source where an application has written to both, or deleted.

What a pass copies is what was added to the source or changed. What was deleted there leaves no
trace, and what the application writes to the new index itself no pass looks at. Here the new index
is read through by ids: a document that the source no longer has is deleted, and one that was not
sent by a migration (its version says so) is sent as the source has it.

The source leads. So this is for the time before the application reads the new index; after that it
would undo what was written there alone.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bench.engine.client import Client, streaming_bulk
from bench.migrate.convert import convert
from bench.migrate.destination import Pace, Progress, Throttle, begin_pass, send
from bench.migrate.plan import MigrationPlan
from bench.migrate.source import Reader, checkpoints, patiently, present
from bench.runs.errors import MeasurementError


def mirror(
    client: Client,
    plan: MigrationPlan,
    progress: Progress,
    pace: Pace,
    advance: Callable[[int], object] = lambda done: None,
) -> int:
    """Delete what the source no longer has, and send again what others wrote; how many deleted."""
    begin_pass(client, plan, progress)
    throttle, deleted = Throttle(pace.per_second), 0
    for shard, last in checkpoints(client, plan.index).items():
        after = -1
        while hits := _ids(client, plan.index, shard, after, last, pace.batch):
            after = int(hits[-1]["_seq_no"])
            there = _in_source(plan, hits)
            deleted += _delete(client, plan, [hit for hit in hits if hit["_id"] not in there])
            sent = {*progress.versions}
            others = [hit["_id"] for hit in hits if hit["_version"] not in sent]
            if others := [id_ for id_ in others if id_ in there]:
                again = plan.source.reader().by_ids(others)
                send(client, plan, progress, convert(plan, again))
            advance(len(hits))
            throttle.wait(len(hits))
    return deleted


def _ids(
    client: Client, index: str, shard: int, after: int, last: int, size: int
) -> list[dict[str, Any]]:
    answer = patiently(
        lambda: client.search(
            index=index,
            preference=f"_shards:{shard}",
            query={"range": {"_seq_no": {"gt": after, "lte": last}}},
            sort=[{"_seq_no": "asc"}],
            size=size,
            source=False,
            version=True,
            seq_no_primary_term=True,
            track_total_hits=False,
            allow_partial_search_results=False,
        )
    )
    hits: list[dict[str, Any]] = answer["hits"]["hits"]
    return hits


def _in_source(plan: MigrationPlan, hits: Sequence[Mapping[str, Any]]) -> set[str]:
    """Ids that the source has, be they visible to searches yet or not."""
    source, ids = plan.source, [hit["_id"] for hit in hits]
    if source.only:  # what an alias shows, only a search knows
        reader = Reader(source.client, source.index, source.prefixes, source.only)
        return {hit["_id"] for hit in reader.by_ids(ids)}
    found = present(source.client, source.index, hits)
    return {one["_id"] for one in found if one["found"]}


def _delete(client: Client, plan: MigrationPlan, hits: Sequence[Mapping[str, Any]]) -> int:
    actions = [
        {
            "_op_type": "delete",
            "_id": hit["_id"],
            # Not if it was written again since: it may be in the source again, too.
            "if_seq_no": hit["_seq_no"],
            "if_primary_term": hit["_primary_term"],
            **({"routing": hit["_routing"]} if "_routing" in hit else {}),
        }
        for hit in hits
    ]
    answers = streaming_bulk(
        client, actions, index=plan.index, raise_on_error=False, max_retries=8, initial_backoff=1
    )
    deleted = 0
    for ok, answer in answers:
        ((_, result),) = answer.items()
        if not ok and result.get("status") not in (404, 409):
            raise MeasurementError(
                f"index {plan.index!r} answers {result.get('status')} to the deletion of document "
                f"{result['_id']!r}. Repeat the command to resume"
            )
        deleted += ok
    return deleted
