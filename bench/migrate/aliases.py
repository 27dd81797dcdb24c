"""The source's aliases: which can name the new index, and whether they then show the same."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch

from bench.index.aliases import restriction
from bench.migrate.place import PATH
from bench.migrate.plan import Plan
from bench.migrate.scan import count_all
from bench.runs.canonical import canonical_json


def switchable(plan: Plan) -> dict[str, Mapping[str, Any]]:
    """Aliases all of whose documents of the source are migrated, and how they are defined."""
    only = plan.source.only
    return {
        name: alias
        for name, alias in plan.source.aliases.items()
        if not only or restriction(alias) == only
    }


def alias_request(plan: Plan, without: Collection[str] = ()) -> tuple[str, dict[str, Any]]:
    """The request that lets the source's aliases, or one called ALIAS, name the new index.

    Filter, routing and the rest of an alias stay as they are.
    """
    actions: list[dict[str, Any]] = []
    for name, alias in switchable(plan).items():
        if name not in without:
            actions.append({"remove": {"index": plan.source.index, "alias": name}})
            actions.append({"add": {"index": plan.index, "alias": name, **alias}})
    if not plan.source.aliases:
        actions.append({"add": {"index": plan.index, "alias": "ALIAS"}})
    return "POST /_aliases", {"actions": actions}


def filtered_by(plan: Plan) -> dict[str, list[str]]:
    """Fields that an alias seems to filter by and that are not searched in the new index as before.

    Seems, as any text in the filter may be a field: how many documents it shows is counted when
    they are there, see `changed`.
    """
    kept = (name for name in plan.fields.kept if name not in plan.fields.searchable)
    gone = {*kept, *plan.fields.dropped, *([PATH] if plan.layout.path != "dynamic" else [])}
    found = {}
    for name, alias in switchable(plan).items():
        texts = re.findall(r"[^\s\"\\(){}\[\]:,]+", canonical_json(alias.get("filter", {})))
        if fields := {text.partition(".")[0] for text in texts} & gone:
            found[name] = sorted(fields)
    return found


def changed(client: Elasticsearch, plan: Plan, refused: int) -> dict[str, str]:
    """Aliases that would show other documents of the new index, and how many of how many."""
    found = {}
    for name, alias in switchable(plan).items():
        if not (only := restriction(alias)):
            continue
        old = count_all(client, plan.source.index, only=only)
        try:
            new = count_all(client, plan.index, only=only)
        except BadRequestError as error:
            found[name] = f"none of {old:,} documents: the new index refuses its filter, {error}"
            continue
        if not 0 <= old - new <= refused:
            found[name] = f"{new:,} documents of the new index, {old:,} of the source"
    return found
