"""Requests to send by hand: create, search. As method, path and JSON body."""

from typing import Any

from bench.migrate.convert import convert
from bench.migrate.plan import Plan
from bench.migrate.verify import clauses
from bench.runs.canonical import canonical_json
from bench.search.search import search_body

#: Arguments of the client's ``search`` that stand in the URL, and names that differ in the body.
_IN_URL, _RENAMED = ("index", "allow_partial_search_results"), {"source": "_source"}


def search_request(plan: Plan, size: int = 100) -> tuple[str, dict[str, Any]]:
    """A search of the new index for the first sampled document, by its words.

    Hits return signature, path and kept fields, from wherever the layout has them.
    """
    one = next(one for one in convert(plan, plan.source.sample) if one.document is not None)
    if one.signature is None or plan.copy_words:
        arguments: dict[str, Any] = {
            "query": {"bool": {"should": clauses(one.searched or {})}},
            "size": size,
        }
        parts = [plan.layout.signature.fetch()] if plan.variant.stores_signature else []
    else:
        arguments = search_body(plan.variant, one.signature, size=size, fetch="id")
        parts = [plan.layout.fetch("signature")] if plan.variant.stores_signature else []
    parts += [plan.layout.fetch("path")]
    parts += [plan.fields.fetch(plan.layout)] if plan.fields.kept else []
    body = {
        _RENAMED.get(name, name): value for name, value in arguments.items() if name not in _IN_URL
    }
    body |= _joined(parts)
    return f"GET /{plan.index}/_search?allow_partial_search_results=false", body


def _joined(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Several ways of fetching, in one."""
    joined: dict[str, Any] = {"_source": False}
    for part in parts:
        for name, value in part.items():
            known = joined.get(_RENAMED.get(name, name)) or []
            joined[_RENAMED.get(name, name)] = [*known, *value] if value else known or False
    return joined


def create_request(plan: Plan) -> tuple[str, dict[str, Any]]:
    """The request that creates the new index."""
    return f"PUT /{plan.index}", dict(plan.request())


def as_text(request: tuple[str, dict[str, Any]]) -> str:
    """A request as it is pasted into the console of Kibana's developer tools.

    Examples
    --------
    >>> print(as_text(("POST /_aliases", {"actions": []})))
    POST /_aliases
    {"actions":[]}
    """
    return f"{request[0]}\n{canonical_json(request[1])}"
