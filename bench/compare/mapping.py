"""How the mappings of indices differ, field by field, in as few rows as possible."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bench.runs.config_file import canonical_json

#: Settings at the top of a mapping that change which fields there are, or what is kept of them.
_TOP_LEVEL = ("_source", "dynamic", "subobjects")


def field_rules(mappings: Mapping[str, Any]) -> dict[str, str]:
    """What each field is, as short text, from what ``GET index/_mapping`` has below ``mappings``.

    Multi-fields are named ``name.sub``.

    >>> field_rules({"properties": {"w_0": {"type": "long"}, "path": {"type": "text"}}})
    {'w_0': 'long', 'path': 'text'}
    """
    rules = {
        name: _rule(mappings[name]) for name in _TOP_LEVEL if mappings.get(name) not in (None, {})
    }
    return rules | dict(_flat(mappings.get("properties", {}), ""))


def _flat(properties: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    rules: list[tuple[str, str]] = []
    for name, field in properties.items():
        own = {key: value for key, value in field.items() if key not in ("properties", "fields")}
        if own:
            rules.append((prefix + name, _rule(own)))
        for inside in ("properties", "fields"):
            rules += _flat(field.get(inside, {}), f"{prefix}{name}.")
    return rules


def _rule(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    kind = str(value.get("type", ""))
    rest = [
        f"{key} {canonical_json(v) if isinstance(v, dict | list | bool) else v}"
        for key, v in value.items()
        if key != "type"
    ]
    return ", ".join([kind] * bool(kind) + rest)


def mapping_differences(mappings: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The rule in each index, "" where it lacks the field, of every field that differs.

    Fields that differ in their number alone, and from index to index in the same way, are one row:
    ``w_*`` where those are all of them, else ``w_3 and 5 more w_*``.

    >>> first = {"properties": {"path": {"type": "text"}, "n": {"type": "long"}}}
    >>> second = {"properties": {"path": {"type": "keyword"}, "n": {"type": "long"}}}
    >>> mapping_differences([first, second])
    {'path': ['text', 'keyword']}
    """
    rules = [field_rules(mapping) for mapping in mappings]
    table = {field: tuple(own.get(field, "") for own in rules) for own in rules for field in own}
    members = Counter(map(_family, table))
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for field, row in table.items():
        if len(set(row)) > 1:
            alike.setdefault((_family(field), row), []).append(field)
    return {
        _joined(fields, family, members[family]): list(row)
        for (family, row), fields in alike.items()
    }


def _family(field: str) -> str:
    return re.sub(r"\d+", "*", field)


def _joined(fields: Sequence[str], family: str, members: int) -> str:
    first, *more = fields
    if not more:
        return first
    return family if len(fields) == members else f"{first} and {len(more)} more {family}"
