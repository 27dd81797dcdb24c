"""Fields that people declare for their own metadata, beside those of the layout."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from imgsig.errors import ConfigError
from imgsig.index.identity import Identity

#: Types whose doc values give back what was sent, but for the order of several values.
_COLUMNS = frozenset(
    (
        *("keyword", "constant_keyword", "wildcard", "boolean", "ip", "version", "geo_point"),
        *("long", "integer", "short", "byte", "unsigned_long", "date", "date_nanos"),
        *("double", "float", "half_float", "scaled_float"),
    )
)
#: Suffix of a stored text that holds all of a field as JSON, where columns would change something
#: in it, or cannot hold some of it: so an index has it that ``imgsig-bench migrate`` has made.
AS_JSON = "_json"
#: Types that have no doc values, and can be stored.
_STORED = frozenset({"text", "binary", "search_as_you_type"})


class Fields:
    """The declared fields of an index: their mapping, and how a hit gives them back.

    Where a layout keeps ``_source``, they come back as they were sent. Elsewhere they are read from
    doc values, and what has none is made a stored field: several values of a field then come back
    as a list in the engine's order, each once, and dates as their format writes them.

    `declared` is the mapping of each field by its name; None for an index that does not describe
    itself, where any name is taken.
    """

    def __init__(self, identity: Identity, declared: Mapping[str, Any] | None) -> None:
        self._layout = identity.layout
        self._any = declared is None
        self._from_source = self._layout.source in ("full", "filtered")
        self.declared = {
            name: self._checked(name, field) for name, field in (declared or {}).items()
        }
        self._leaves = dict(_leaves(self.declared))
        #: Names of the JSON texts, by that of the field that each holds.
        self._texts: dict[str, str] = {}

    @classmethod
    def of_mapping(cls, identity: Identity, properties: Mapping[str, Any]) -> "Fields":
        """The fields of a mapping that are not the layout's own."""
        layout = identity.layout
        others = {name: field for name, field in properties.items() if not layout.owns(name)}
        found = cls(identity, {})
        if not found._from_source:
            found._texts = {
                text.removesuffix(AS_JSON): text
                for text, field in others.items()
                if text.endswith(AS_JSON) and field.get("store") and field.get("index") is False
            }
        texts = set(found._texts.values())
        found.declared = {name: field for name, field in others.items() if name not in texts}
        found._leaves = {
            name: field
            for name, field in _leaves(found.declared)
            if found._from_source or _is_returned(field)
        }
        return found

    def _checked(self, name: str, field: Any) -> dict[str, Any]:
        if not isinstance(name, str) or not name or "." in name or name[0] == "_":
            raise ConfigError(
                f"no field can be called {name!r}: a name has no dot and begins with no "
                "underscore; an object's fields are declared in its 'properties'"
            )
        if name.endswith(AS_JSON) and isinstance(field, Mapping) and field.get("index") is False:
            raise ConfigError(
                f"no field that is not indexed can be called {name!r}: names that end in "
                f"{AS_JSON!r} are those of values that an index of before was migrated with; "
                "choose another name"
            )
        if self._layout.owns(name):
            raise ConfigError(
                f"field {name!r} is the layout's own (it has {self._layout.path_name}, "
                f"{self._layout.signature.name} and {', '.join(self._layout.matcher.patterns)}); "
                "choose another name"
            )
        return self._returnable(name, field)

    def _returnable(self, name: str, field: Any) -> dict[str, Any]:
        """The mapping, such that a hit can give the field back."""
        if not isinstance(field, Mapping) or not ("type" in field or "properties" in field):
            raise ConfigError(
                f'field {name!r} is declared by its mapping, such as {{"type": "keyword"}}, not '
                f"by {field!r}"
            )
        if "properties" in field or field.get("type") == "object":
            inner = field.get("properties", {})
            if not self._from_source and (not inner or field.get("type", "object") != "object"):
                raise self._unreturnable(name, field)
            return {
                # What was not declared is kept where there is a _source, and not indexed.
                "dynamic": False,
                **field,
                "properties": {
                    key: self._returnable(f"{name}.{key}", value) for key, value in inner.items()
                },
            }
        if self._from_source or field.get("store"):
            return dict(field)
        kind = field["type"]
        if kind in _COLUMNS:
            return dict(field) if field.get("doc_values", True) else {**field, "store": True}
        if kind in _STORED:
            return {**field, "store": True}
        raise self._unreturnable(name, field)

    def _unreturnable(self, name: str, field: Mapping[str, Any]) -> ConfigError:
        return ConfigError(
            f"field {name!r} cannot be {dict(field)!r} in layout {self._layout.layout_id!r}, which "
            "keeps no _source: nothing would give it back. Declare it as a keyword, number, date, "
            "boolean or text, or choose a layout with _source, such as 'tagged_integer'"
        )

    def split(self, metadata: Mapping[str, Any] | None) -> dict[str, Any]:
        """The fields of a document for metadata; `ConfigError` names what is not declared."""
        if not metadata:
            return {}
        if not isinstance(metadata, Mapping):
            raise ConfigError(f"metadata is a mapping of fields, not {metadata!r}")
        for name in metadata:
            if self._layout.owns(name):
                raise ConfigError(f"metadata cannot set {name!r}, which is the layout's own field")
        if not self._any and (unknown := list(self._undeclared(metadata))):
            declared = ", ".join(self._leaves) or "none"
            raise ConfigError(
                f"metadata has {', '.join(map(repr, unknown))}, which this index does not declare "
                f"(it has {declared}); give fields={{…}}, or --field, when the index is created, "
                "or add the field to its mapping and open it again"
            )
        return dict(metadata)

    def _undeclared(self, metadata: Mapping[str, Any], above: str = "") -> Iterator[str]:
        declared = self.declared
        for part in above.split(".")[:-1]:
            declared = declared[part].get("properties", {})
        for name, value in metadata.items():
            if name not in declared:
                yield above + str(name)
            elif "properties" in declared[name] and not self._from_source:
                # Elsewhere an object may hold more than was declared: _source keeps it.
                if not isinstance(value, Mapping):
                    raise ConfigError(f"metadata has {above}{name} = {value!r}, which is an object")
                yield from self._undeclared(value, f"{above}{name}.")

    def fetch(self) -> dict[str, Any]:
        """Parts of a search request that return them, as `imgsig.layouts.Layout.fetch` has them."""
        if self._any:
            return {"source": {"excludes": list(self._layout.matcher.patterns)}}
        if self._from_source:
            return {"source": list(self.declared)}
        stored = [name for name, field in self._leaves.items() if field.get("store")]
        stored += self._texts.values()
        columns = [name for name, field in self._leaves.items() if not field.get("store")]
        parts: dict[str, Any] = {"source": False}
        if columns:
            parts["docvalue_fields"] = columns
        if stored:
            parts["stored_fields"] = stored
        return parts

    def of_hit(self, hit: Mapping[str, Any]) -> dict[str, Any]:
        """The metadata in one of ``hits.hits``, of a search that fetched them."""
        if self._any or self._from_source:
            found: Mapping[str, Any] = hit.get("_source") or {}
            return {
                name: value
                for name, value in found.items()
                if (not self._layout.owns(name) if self._any else name in self.declared)
            }
        metadata = nested(hit.get("fields", {}), self._leaves)
        for name, text in self._texts.items():
            for value in hit.get("fields", {}).get(text, []):
                metadata[name] = json.loads(value)
        return metadata


def nested(values: Mapping[str, Sequence[Any]], paths: Iterable[str]) -> dict[str, Any]:
    """The ``fields`` of a hit at some paths, as the objects that they are of; one value is no list.

    >>> nested({"a.b": [1], "a.c": [2, 3], "d": [4]}, ["a.b", "a.c", "e"])
    {'a': {'b': 1, 'c': [2, 3]}}
    """
    found: dict[str, Any] = {}
    for path in paths:
        if path in values:
            *above, last = path.split(".")
            inside = found
            for name in above:
                inside = inside.setdefault(name, {})
            inside[last] = values[path][0] if len(values[path]) == 1 else values[path]
    return found


def _is_returned(field: Mapping[str, Any]) -> bool:
    """Whether a hit of an index without ``_source`` gives a field back."""
    return bool(
        field.get("store") or (field.get("type") in _COLUMNS and field.get("doc_values", True))
    )


def _leaves(properties: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, field in properties.items():
        if "properties" in field:
            yield from _leaves(field["properties"], f"{above}{name}.")
        else:
            yield f"{above}{name}", field
