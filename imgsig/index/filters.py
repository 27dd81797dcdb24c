"""Which fields a filter names: by one that is not mapped an engine finds nothing, silently.

https://www.elastic.co/docs/reference/query-languages/querydsl
"""

from collections.abc import Iterator, Mapping
from typing import Any

#: Clauses whose members are named by the field.
_BY_NAME = frozenset(
    (
        *("term", "terms", "terms_set", "match", "match_phrase", "match_phrase_prefix"),
        *("match_bool_prefix", "prefix", "wildcard", "regexp", "fuzzy", "range", "intervals"),
    )
)
#: Their members that are no fields.
_OPTIONS = frozenset({"boost", "_name"})
#: Clauses of other clauses.
_COMPOUND = frozenset(("bool", "constant_score", "boosting", "dis_max", "nested", "function_score"))
#: Members of those that hold them.
_PARTS = frozenset(
    (
        *("must", "filter", "should", "must_not", "positive", "negative"),
        *("queries", "query", "functions"),
    )
)


def fields_in(clause: Any) -> Iterator[str]:
    """Names of the fields in a query clause; patterns and the engine's own fields left out.

    Of clauses that are not known here, none is told.

    >>> sorted(fields_in({"bool": {"filter": [{"term": {"a": 1}}, {"exists": {"field": "b"}}]}}))
    ['a', 'b']
    """
    if isinstance(clause, list):
        for one in clause:
            yield from fields_in(one)
    if not isinstance(clause, Mapping):
        return
    for kind, body in clause.items():
        if not isinstance(body, Mapping):
            continue
        if kind in _COMPOUND:
            for part in _PARTS & body.keys():
                yield from fields_in(body[part])
        elif kind in _BY_NAME:
            yield from filter(_is_field, body.keys() - _OPTIONS)
        elif kind == "exists":
            yield from filter(_is_field, [str(body.get("field", "_"))])


def _is_field(name: str) -> bool:
    return not name.startswith("_") and "*" not in name
