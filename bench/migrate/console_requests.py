"""Requests to send by hand, as method, path and JSON body: create, search, switch the aliases."""

import itertools
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from elasticsearch import BadRequestError

from bench.engine.client import Client
from bench.index.storage import restriction
from bench.migrate.convert import convert
from bench.migrate.plan import MigrationPlan
from bench.migrate.source import Reader
from bench.migrate.verify import clauses
from bench.runs.config_file import canonical_json
from bench.search.search import search_body
from imgsig.compat.records import PATH

#: Arguments of the client's ``search`` that go into the URL, and names that differ in the body.
_IN_URL, _RENAMED = ("index", "allow_partial_search_results"), {"source": "_source"}


def search_request(plan: MigrationPlan, size: int = 100) -> tuple[str, dict[str, Any]]:
    """A search of the new index for the first sampled document, by its words.

    Hits have signature, path and kept fields, from wherever the layout keeps them.
    """
    one = next(one for one in convert(plan, plan.source.sample) if one.document is not None)
    if one.signature is None or plan.copy_words:
        query = {"bool": {"should": clauses(one.searched or {})}}
        arguments: dict[str, Any] = {"query": query, "size": size}
        signature = plan.layout.signature.fetch()
    else:
        arguments = search_body(plan.variant, one.signature, size=size, fetch="id")
        signature = plan.layout.fetch("signature")
    parts = [signature] if plan.variant.stores_signature else []
    parts += [plan.layout.fetch("path")]
    parts += [plan.kept.fetch()] if plan.fields.kept else []
    body = {
        _RENAMED.get(name, name): value for name, value in arguments.items() if name not in _IN_URL
    }
    body |= _joined(parts)
    return f"GET /{plan.index}/_search?allow_partial_search_results=false", body


def _joined(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Combine the parts of a request that fetch something."""
    joined: dict[str, Any] = {"_source": False}
    for part in parts:
        for name, value in part.items():
            known = joined.get(_RENAMED.get(name, name)) or []
            joined[_RENAMED.get(name, name)] = [*known, *value] if value else known or False
    return joined


def create_request(plan: MigrationPlan) -> tuple[str, dict[str, Any]]:
    """The request that creates the new index."""
    return f"PUT /{plan.index}", dict(plan.request())


def as_text(request: tuple[str, dict[str, Any]]) -> str:
    """A request as pasted into the console of Kibana's developer tools.

    >>> print(as_text(("POST /_aliases", {"actions": []})))
    POST /_aliases
    {"actions":[]}
    """
    return f"{request[0]}\n{canonical_json(request[1])}"


def switchable(plan: MigrationPlan) -> dict[str, Mapping[str, Any]]:
    """Aliases whose documents are all migrated, and how they are defined."""
    only = plan.source.only
    return {
        name: alias
        for name, alias in plan.source.aliases.items()
        if not only or restriction(alias) == only
    }


def alias_request(plan: MigrationPlan, without: Collection[str] = ()) -> tuple[str, dict[str, Any]]:
    """The request that points the source's aliases, or one named ALIAS, to the new index.

    Filter, routing and the rest of an alias stay as they are. On another cluster the aliases are
    added: those of the source stay where they are.
    """
    actions: list[dict[str, Any]] = []
    for name, alias in switchable(plan).items():
        if name not in without:
            if not plan.elsewhere:
                actions.append({"remove": {"index": plan.source.index, "alias": name}})
            actions.append({"add": {"index": plan.index, "alias": name, **alias}})
    if not plan.source.aliases:
        actions.append({"add": {"index": plan.index, "alias": "ALIAS"}})
    return "POST /_aliases", {"actions": actions}


def filtered_by(plan: MigrationPlan) -> dict[str, list[str]]:
    """Fields that an alias seems to filter by and that the new index does not search as before.

    Any text in a filter may be a field, hence "seems": `changed` counts the documents that an alias
    shows once they are there.
    """
    fields = plan.fields
    hidden = [name for name in fields.kept if name not in fields.searchable]
    path = [PATH] if plan.layout.path != "dynamic" else []
    gone = {*hidden, *plan.kept.lost, *fields.dropped, *path}
    found = {}
    for name, alias in switchable(plan).items():
        texts = re.findall(r"[^\s\"\\(){}\[\]:,]+", canonical_json(alias.get("filter", {})))
        named = {above for text in texts for above in _above(text)}
        if named & gone:
            found[name] = sorted(named & gone)
    return found


def _above(path: str) -> Iterator[str]:
    """A path and the objects that it is in.

    >>> list(_above("a.b.c"))
    ['a', 'a.b', 'a.b.c']
    """
    return itertools.accumulate(path.split("."), "{}.{}".format)


def changed(client: Client, plan: MigrationPlan, refused: int) -> dict[str, str]:
    """Aliases that would show other documents in the new index, and how many."""
    found = {}
    for name, alias in switchable(plan).items():
        if not (only := restriction(alias)):
            continue
        old = Reader(plan.source.client, plan.source.index, only=only).count()
        try:
            new = Reader(client, plan.index, only=only).count()
        except BadRequestError as error:
            found[name] = f"none of {old:,} documents: the new index refuses its filter, {error}"
            continue
        if not 0 <= old - new <= refused:
            found[name] = f"{new:,} documents in the new index, {old:,} in the source"
    return found
