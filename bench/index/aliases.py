"""What an alias shows of an index: all of it, or what its filter and its routing leave.

https://www.elastic.co/guide/en/elasticsearch/reference/8.18/indices-aliases.html
"""

from collections.abc import Mapping
from typing import Any

#: Parts of an alias without which it would show another choice of documents.
_RESTRICTING = ("filter", "search_routing")

#: All documents.
EVERYTHING: Mapping[str, Any] = {}


def restriction(alias: Mapping[str, Any]) -> dict[str, Any]:
    """Which documents of an index an alias shows.

    Examples
    --------
    >>> restriction({"filter": {"term": {"shop": 7}}, "is_write_index": True})
    {'filter': {'term': {'shop': 7}}}
    """
    return {part: alias[part] for part in _RESTRICTING if part in alias}


def through(only: Mapping[str, Any], query: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Arguments of a search, or a count, that sees what an alias shows.

    Examples
    --------
    >>> through({"filter": {"term": {"shop": 7}}, "search_routing": "a"})
    {'query': {'bool': {'filter': [{'term': {'shop': 7}}]}}, 'routing': 'a'}
    >>> through(EVERYTHING)
    {}
    """
    filters = [part for part in (query, only.get("filter")) if part is not None]
    routing = {"routing": only["search_routing"]} if "search_routing" in only else {}
    return ({"query": {"bool": {"filter": filters}}} if filters else {}) | routing
