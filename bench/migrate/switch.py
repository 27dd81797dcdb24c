"""Point an alias from the source to the new index, in one request: no search sees neither or both.

https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-indices-update-aliases
"""

from collections.abc import Mapping
from typing import Any

from elasticsearch import NotFoundError

from bench.engine.client import Client, retried
from bench.index.storage import restriction
from bench.migrate.destination import MARK
from bench.migrate.plan import MigrationPlan
from bench.runs.errors import ExperimentError, IndexStateError


def check_switch(
    client: Client, plan: MigrationPlan, alias: str, elsewhere: str = ""
) -> dict[str, Mapping[str, Any]]:
    """Refuse an alias that cannot be switched, and return its `targets`.

    `client` is of the source's cluster.
    """
    if plan.source.is_dump:
        raise ExperimentError(
            f"--switch {alias}: a dump has no aliases. Leave it out; when the application is "
            "changed, let it use the new index by its own name, or give that an alias by hand"
        )
    if elsewhere:
        raise ExperimentError(
            f"--switch {alias}: the new index is on another cluster ({elsewhere}), and an alias "
            "cannot lead there. Leave it out: migrate, change the application to use that cluster, "
            "and give the new index its alias there with the request that is printed at the end"
        )
    found = targets(client, alias)
    if set(found) == {plan.index}:
        return found  # done before
    if not found:
        known = ", ".join(plan.source.aliases) or "none"
        named = " It is an index" if client.indices.exists(index=alias) else ""
        raise IndexStateError(
            f"--switch {alias}: there is no such alias.{named}. Those of {plan.source.index!r}: "
            f"{known}. An application that names an index by its own name is changed to name "
            "the new one"
        )
    if len(found) > 1:
        raise IndexStateError(
            f"--switch {alias}: it names {len(found)} indices ({', '.join(sorted(found))}), and "
            "one search cannot read both layouts. Migrate each, and change the alias by hand"
        )
    if set(found) != {plan.source.index}:
        raise IndexStateError(
            f"--switch {alias}: it leads to {next(iter(found))!r}, not to {plan.source.index!r}"
        )
    only = plan.source.only
    if only and restriction(found[plan.source.index]) != only:
        raise IndexStateError(
            f"--switch {alias}: only what alias {plan.source.alias} shows is migrated, and {alias} "
            "shows other documents. Migrate the index by its own name (--from)"
        )
    return found


def targets(client: Client, alias: str) -> dict[str, Mapping[str, Any]]:
    """The indices that an alias names, and how it does."""
    try:
        found = retried(lambda: client.indices.get_alias(name=alias))
    except NotFoundError:
        return {}
    return {index: one["aliases"][alias] for index, one in found.items() if alias in one["aliases"]}


def switch(client: Client, plan: MigrationPlan, alias: str) -> bool:
    """Switch an alias; False if it leads to the new index already."""
    found = check_switch(client, plan, alias)
    if plan.index in found:
        return False
    actions: list[dict[str, Any]] = [
        {"remove": {"index": plan.source.index, "alias": alias}},
        {"add": {"index": plan.index, "alias": alias, **found[plan.source.index]}},
    ]
    retried(lambda: client.indices.update_aliases(actions=actions))
    return True


def switched_from(client: Client, alias: str) -> tuple[str, str] | None:
    """The index that an alias leads to and the source of its migration, if one has made it."""
    found = targets(client, alias)
    if len(found) != 1:
        return None
    (index,) = found
    meta = client.indices.get_mapping(index=index)[index]["mappings"].get("_meta", {})
    return (index, str(meta[MARK]["source"])) if MARK in meta else None
