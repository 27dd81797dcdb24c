"""How the new index keeps the fields beside path, signature and words.

Under the same names and with the same types as in the source, so that the same queries find the
same documents. In an index without ``_source`` hits return them from doc values, or stored fields.
If these would change anything of a field in a document (see `bench.migrate.columns`), or cannot
hold some of it, the whole of that field is in this document also the stored text ``NAME_json``,
which is what counts where it is there.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

import numpy as np

from bench.migrate.columns import Column, column_of, with_column
from bench.migrate.fields import Fields, json_text
from bench.runs.errors import ExperimentError
from imgsig.index.fields import AS_JSON, nested
from imgsig.layouts import Layout

#: A mapping that takes anything and indexes nothing.
OFF: Mapping[str, Any] = {"type": "object", "enabled": False}
_TEXT: Mapping[str, Any] = {"type": "text", "index": False, "store": True}
#: Key of what is no mapping: the types that a field has in different documents.
CONFLICT = "conflict"
#: Limits of an index where its settings give no others: fields, and objects in objects.
MOST_FIELDS, DEEPEST = 1000, 20
#: Columns of kept fields that a search fetches; an index allows 100, and the layout has its own.
MOST_COLUMNS = 90


@dataclass(frozen=True)
class Kept:
    """The kept fields in a layout: their mapping, their values, and how a hit returns them."""

    fields: Fields
    has_source: bool
    properties: Mapping[str, Any]
    columns: Mapping[str, Column]  # by path
    #: What cannot be searched as in the source, by path, and why.
    lost: Mapping[str, str] = field(default_factory=dict)

    def values(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The kept fields of a document, as the new index gets them."""
        present = {name: document[name] for name in self.fields.kept if name in document}
        if self.has_source:
            return present
        found = {name: present[name] for name in present if name in self.properties}
        return found | {
            f"{name}{AS_JSON}": json_text(value)
            for name, value in present.items()
            if self.changed(name, value)
        }

    def changed(self, path: str, value: Any) -> str:
        """Path of something in a value that columns would not give back, or nothing."""
        if not isinstance(value, dict):
            column = self.columns.get(path)
            return "" if column and column.holds(value) else path
        if not value or any("." in name or not name for name in value):
            return path
        found = (self.changed(f"{path}.{name}", value[name]) for name in value)
        return next(filter(None, found), "")

    def fetch(self) -> dict[str, Any]:
        """Arguments of the client's ``search`` that return the kept fields."""
        if self.has_source:
            return {"source": list(self.fields.kept)}
        stored = [path for path, column in self.columns.items() if column.stored]
        columns = [path for path, column in self.columns.items() if not column.stored]
        texts = [f"{name}{AS_JSON}" for name in self.fields.kept]
        parts: dict[str, Any] = {"source": False, "stored_fields": texts + stored}
        return parts | ({"docvalue_fields": columns} if columns else {})

    def fetched(self, hit: Mapping[str, Any]) -> dict[str, Any]:
        """The kept fields in a hit, as the source had them."""
        if self.has_source:
            return dict(hit.get("_source", {}))
        texts = hit.get("fields", {})
        whole = {
            name: json.loads(texts[f"{name}{AS_JSON}"][0])
            for name in self.fields.kept
            if f"{name}{AS_JSON}" in texts
        }
        return nested(texts, self.columns) | whole

    def becomes(self) -> dict[str, str]:
        """What each field becomes, in words, by path."""
        told = {}
        for name in self.fields.kept:
            place = "_source" if self.has_source else f"{name}{AS_JSON}"
            if name not in self.fields.searchable:
                told[name] = f"kept in {place}, not searched, as asked for"
                continue
            for path, mapping in leaves({name: self.properties.get(name, OFF)}):
                if path in self.lost or mapping == OFF:
                    continue
                column, kind = self.columns.get(path), mapping.get("type", "object")
                if column is not None:
                    place = "a stored field" if column.stored else "doc values"
                told[path] = f"{kind}, searched as before; hits have it in {place}"
        for path, reason in self.lost.items():
            place = "_source" if self.has_source else f"{path.partition('.')[0]}{AS_JSON}"
            told[path] = f"kept in {place}, not searched: {reason}"
        return told


def leaves(properties: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Paths and mappings of fields that are no objects with fields of their own."""
    for name, mapping in properties.items():
        if "properties" in mapping and mapping.get("type", "object") == "object":
            yield from leaves(mapping["properties"], f"{above}{name}.")
        else:
            yield f"{above}{name}", mapping


def keep_in(
    layout: Layout,
    fields: Fields,
    source: Mapping[str, Any],
    *,
    dynamic: Any = True,
    own: int = 0,
    there: Mapping[str, Any] | None = None,
    chosen: Collection[str] = (),
) -> Kept:
    """How a layout keeps fields with these mappings.

    `dynamic` is whether new fields are mapped in the source, `own` the number of the layout's
    fields. Where the new index exists, `there` are its ``properties``, and `chosen` the paths whose
    columns give values back: those of the first pass, since what is read of a document must not
    depend on which fields came later.
    """
    has_source = layout.source in ("full", "filtered")
    carrier = _Carrier(has_source, dynamic, MOST_FIELDS - own - 2 * len(fields.kept))
    found: dict[str, Any] = {}
    for name in fields.kept:
        if name in fields.searchable and name in source:
            found[name] = carrier.carried(name, source[name])
        elif has_source:
            found[name] = dict(OFF)
        if name in fields.searchable and name not in source:
            carrier.lost[name] = (
                "the source has no mapping of it, so it is not searched there either"
            )
        if not has_source:
            found[f"{name}{AS_JSON}"] = dict(_TEXT)
    _check_names(layout, fields, found)
    if has_source:
        return Kept(fields, has_source, found, {}, carrier.lost)
    columns = {
        path: column
        for path, mapping in sorted(leaves(found if there is None else there), key=itemgetter(0))
        if path.partition(".")[0] in fields.searchable and (column := column_of(mapping))
    }
    paths = list(columns)[:MOST_COLUMNS] if there is None else chosen
    return Kept(fields, has_source, found, {path: columns[path] for path in paths}, carrier.lost)


def _check_names(layout: Layout, fields: Fields, found: Mapping[str, Any]) -> None:
    for name in found:
        if layout.owns(name):
            raise ExperimentError(
                f"field {name!r} cannot be kept: layout {layout.layout_id!r} has a field of "
                f"that name. Drop it (--drop {name}) or choose another layout"
            )
    if both := [name for name in fields.kept if f"{name}{AS_JSON}" in fields.kept]:
        raise ExperimentError(
            f"field {both[0] + AS_JSON!r} cannot be kept: the new index has that name for what it "
            f"keeps of {both[0]!r} as text. Drop one of them (--drop)"
        )


@dataclass
class _Carrier:
    """Makes mappings for the new index of those of the source."""

    has_source: bool
    dynamic: Any
    room: int  # fields that the new index may still get
    lost: dict[str, str] = field(default_factory=dict)

    def carried(self, path: str, mapping: Mapping[str, Any], depth: int = 1) -> dict[str, Any]:
        """The mapping of a field; `OFF` where there can be none, with the reason in `lost`."""
        self.room -= 1 + len(mapping.get("fields", {}))
        if reason := self._reason(mapping, depth):
            self.lost[path] = reason
            return dict(OFF)
        if "properties" not in mapping or mapping.get("type") == "nested":
            kept = {name: value for name, value in mapping.items() if name != "copy_to"}
            for other in np.atleast_1d(mapping.get("copy_to", [])).tolist():
                self.lost[other] = f"the source fills it from {path}, which the new index does not"
            return kept if self.has_source else with_column(kept)
        dynamic = mapping.get("dynamic", self.dynamic)
        if str(dynamic) == "runtime" and not self.has_source:
            dynamic = False  # such fields are read from _source
        inside = replace(self, dynamic=dynamic)  # shares what is lost
        below: dict[str, Any] = {}
        for name, inner in mapping["properties"].items():
            inside.room = self.room
            carried = inside.carried(f"{path}.{name}", inner, depth + 1)
            self.room = inside.room
            if self.room > 0:
                below[name] = carried
            else:
                dynamic = False  # passed over without a mapping of its own
        return {**mapping, "dynamic": dynamic, "properties": below}

    def _reason(self, mapping: Mapping[str, Any], depth: int) -> str:
        told = {
            f"it has conflicting types ({', '.join(mapping.get(CONFLICT, ()))})": (
                CONFLICT in mapping
            ),
            "the source does not search it either": mapping.get("enabled") is False,
            "nested objects are only searched in a layout that keeps _source": (
                mapping.get("type") == "nested" and not self.has_source
            ),
            f"it is another name of {mapping.get('path')}": mapping.get("type") == "alias",
            f"it is more than {DEEPEST} objects deep": depth > DEEPEST,
            f"an index has at most {MOST_FIELDS:,} fields": self.room <= 0,
        }
        return next((reason for reason, applies in told.items() if applies), "")
