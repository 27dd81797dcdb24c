"""The mapping that the documents of a dump had: what dynamic mapping makes of their values.

Or what a file says that elasticdump has written of it, of versions from 1 on.

https://www.elastic.co/docs/manage-data/data-store/mapping/dynamic-field-mapping
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.migrate.kept import CONFLICT
from bench.runs.errors import ExperimentError
from imgsig.compat.records import SIGNATURE

#: What becomes of a text that is no date.
_TEXT = {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 256}}}
#: A date of the format strict_date_optional_time; a year alone is a number to dynamic mapping.
_DATE = re.compile(
    r"(\d{4})-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?)?"
    r"(?:Z|[+-]\d\d:?(?:\d\d)?)?)?)?"
)
_SLASHED = re.compile(r"(\d{4})/(\d\d)/(\d\d)(?: (\d\d):(\d\d):(\d\d))?")
_SLASHED_FORMAT = "yyyy/MM/dd HH:mm:ss||yyyy/MM/dd||epoch_millis"
#: Types of one field that a single one holds, which is then what it was.
_WIDER = {frozenset({"long", "float"}): "float", frozenset({"date", "text"}): "text"}
#: Distinct paths beyond which no more are noticed; an index has 1,000 unless it is told to.
_MOST_PATHS = 10_000
#: Parameters of old mappings that still mean what they did.
_KEPT = {
    "type",
    "format",
    "ignore_above",
    "ignore_malformed",
    "coerce",
    "null_value",
    "scaling_factor",
    "dynamic",
    "enabled",
    CONFLICT,
}


class DynamicMapping:
    """Gathers the types of the fields of documents."""

    def __init__(self) -> None:
        self._types: dict[tuple[str, ...], set[str]] = {}

    def add(self, document: Mapping[str, Any]) -> None:
        """Look at a document."""
        self._add((), document)

    def _add(self, path: tuple[str, ...], value: Any) -> None:
        if isinstance(value, list):
            if path[-1] != SIGNATURE:  # hundreds of numbers
                for one in value:
                    self._add(path, one)
            return
        if value is None:
            return
        if path and (len(self._types) < _MOST_PATHS or path in self._types):
            self._types.setdefault(path, set()).add(type_of(value))
        if isinstance(value, dict):
            for name, inner in value.items():
                self._add((*path, *str(name).split(".")), inner)

    def properties(self) -> dict[str, Any]:
        """The mapping's ``properties``; of types that do not go together, all are named."""
        found: dict[str, Any] = {}
        for path, types in self._types.items():
            inside = found
            for name in path[:-1]:
                inside = inside.setdefault(name, {}).setdefault("properties", {})
            field = inside.setdefault(path[-1], {})
            if types != {"object"}:
                field |= mapping_of(types)
        return {name: _without_conflicts(field) for name, field in found.items()}


def _without_conflicts(field: dict[str, Any]) -> dict[str, Any]:
    """A field with a type is no object."""
    if "properties" not in field:
        return field or {"properties": {}}
    if "type" in field or CONFLICT in field:
        types = field.get(CONFLICT) or [field["type"]]
        return {CONFLICT: sorted({*types, "object"})}
    return {
        "properties": {name: _without_conflicts(one) for name, one in field["properties"].items()}
    }


def type_of(value: Any) -> str:
    """What dynamic mapping makes of a value.

    >>> [type_of(value) for value in (True, 3, 2.5, "2016-03-04T12:34:56.123456", "a", {})]
    ['boolean', 'long', 'float', 'date', 'text', 'object']
    """
    if isinstance(value, dict):
        return "object"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "long" if -(2**63) <= value < 2**63 else "integer beyond 64 bits"
    if isinstance(value, float):
        return "float"
    for pattern, named in ((_DATE, "date"), (_SLASHED, "date with /")):
        if (match := pattern.fullmatch(value)) and _is_day(*match.groups()):
            return named
    return "text"


def _is_day(*numbers: str | None) -> bool:
    year, month, day, hour, minute, second = (int(one or 0) for one in numbers)
    try:
        datetime(year, month or 1, day or 1, hour, minute, second)
    except ValueError:
        return False
    return True


def mapping_of(types: set[str]) -> dict[str, Any]:
    """The mapping of a field whose values have these types.

    >>> mapping_of({"long"}), mapping_of({"long", "float"}), mapping_of({"long", "boolean"})
    ({'type': 'long'}, {'type': 'float'}, {'conflict': ['boolean', 'long']})
    """
    if types == {"date with /"}:
        return {"type": "date", "format": _SLASHED_FORMAT}
    plain = frozenset("date" if one.startswith("date") else one for one in types)
    kind = _WIDER.get(plain, next(iter(types)) if len(types) == 1 else "")
    if kind == "text":
        return dict(_TEXT)
    if not kind or kind not in ("boolean", "long", "float", "date"):
        return {CONFLICT: sorted(types)}
    return {"type": kind}


def read_mapping(path: Path, index: str) -> dict[str, Any]:
    """The ``properties`` in a mapping as elasticdump or ``GET /INDEX/_mapping`` writes it."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ExperimentError(f"--mapping {path} cannot be read as JSON: {error}") from error
    found = _properties(content, index)
    if found is None:
        raise ExperimentError(
            f"--mapping {path} has no properties of {index!r}; elasticdump writes such a file with "
            "--type=mapping"
        )
    return {name: as_now(field) for name, field in found.items()}


def _properties(content: Any, index: str) -> dict[str, Any] | None:
    """Find ``properties`` below the name of the index, ``mappings`` and, in old ones, a type."""
    while isinstance(content, dict):
        if isinstance(content.get("properties"), dict):
            return dict(content["properties"])
        inside = content.get(index, content.get("mappings"))
        others = [one for name, one in content.items() if name != "_default_"]
        content = inside if inside is not None else others[0] if len(others) == 1 else None
    return None


def as_now(field: Mapping[str, Any]) -> dict[str, Any]:
    """A field of an old mapping, as engines take it today.

    >>> as_now({"type": "string", "index": "not_analyzed"})
    {'type': 'keyword'}
    >>> as_now({"type": "date", "format": "dateOptionalTime", "precision_step": 4})
    {'type': 'date'}
    """
    if "properties" in field:
        below = {name: as_now(inner) for name, inner in field["properties"].items()}
        kept = {name: field[name] for name in ("type", "dynamic", "enabled") if name in field}
        return {**kept, "properties": below}
    now = {name: value for name, value in field.items() if name in _KEPT}
    if now.get("type") == "string":
        now["type"] = "keyword" if field.get("index") == "not_analyzed" else "text"
    if str(now.get("format", "")).casefold() == "dateoptionaltime":
        del now["format"]
    if field.get("index") in ("no", False):
        now["index"] = False
    if field.get("doc_values") is False and now["type"] != "text":
        now["doc_values"] = False
    if now.get("type") == "text":
        now = {"type": "text", **({"index": False} if "index" in now else {})}
    inner = {name: as_now(one) for name, one in field.get("fields", {}).items()}
    return now | ({"fields": inner} if inner else {})
