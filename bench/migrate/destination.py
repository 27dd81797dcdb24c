"""The new index: created, marked as made by this migration, and the place where progress is kept.

The mark stands in the mapping's ``_meta``, so that a migration can be taken up on any machine and
what is known of its progress is never that of another index.

https://www.elastic.co/guide/en/elasticsearch/reference/8.18/mapping-meta-field.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from bench.migrate.plan import LOADING, Plan
from bench.runs.errors import IndexStateError

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
