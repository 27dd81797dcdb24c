"""Which fields survive beside signature and words, and how each layout keeps them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from bench.migrate.prefix import PATH, SIGNATURE, WORD, is_of_another_place
from bench.migrate.source import Source
from bench.runs.errors import ExperimentError
from imgsig.layouts import LAYOUTS, Layout

#: Fields of image-match that are kept unless they are dropped.
USUAL = ("metadata", "timestamp")

#: What is left of a byte that is no UTF-8 in a file name, as Python reads it.
SURROGATE = re.compile("[\ud800-\udfff]")

#: Added to the name of a field where it is kept as JSON text.
AS_JSON = "_json"


@dataclass(frozen=True)
class Fields:
    """Fields that are passed on as they are.

    Parameters
    ----------
    kept : tuple of str
        Passed on. In an index with ``_source`` they stand there as they were; in one without, each
        is the stored text ``NAME_json``.
    searchable : tuple of str
        Those of them that stay searchable, mapped as in the source.
    dropped : tuple of str
        Left out.
    """

    kept: tuple[str, ...] = ()
    searchable: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    def to_json(self) -> dict[str, list[str]]:
        """As plain values."""
        return {
            "kept": list(self.kept),
            "searchable": list(self.searchable),
            "dropped": list(self.dropped),
        }

    def undecided(self, names: Sequence[str]) -> list[str]:
        """Names that nothing was decided about."""
        return [
            name
            for name in names
            if name not in (PATH, SIGNATURE, *self.kept, *self.dropped)
            and not (name.startswith(WORD) and name.removeprefix(WORD).isdecimal())
        ]

    def properties(self, layout: Layout, source: Mapping[str, Any]) -> dict[str, Any]:
        """Mapping of the kept fields; `source` is the mapping they come from."""
        found: dict[str, Any] = {}
        for name in self.kept:
            if name in self.searchable:
                if name not in source:
                    raise ExperimentError(
                        f"--searchable {name}: the source has no mapping of it to take over"
                    )
                found[name] = dict(source[name])
                if "properties" in found[name]:  # new fields in it are no error, as in the source
                    found[name] = {"dynamic": True, **found[name]}
            elif _has_source(layout):
                found[name] = {"type": "object", "enabled": False}
            if not _has_source(layout):
                found[f"{name}{AS_JSON}"] = {"type": "text", "index": False, "store": True}
        own = (layout.path_name, layout.signature.name, layout.matcher.pattern)
        for name in found:
            if any(fnmatch(name, pattern) for pattern in own):
                raise ExperimentError(
                    f"field {name!r} cannot be kept: layout {layout.layout_id!r} has a field of "
                    f"that name; drop it (--drop {name}) or choose another layout"
                )
        return found

    def values(self, layout: Layout, document: Mapping[str, Any]) -> dict[str, Any]:
        """The kept fields of a document, as the destination gets them."""
        present = {name: document[name] for name in self.kept if name in document}
        if _has_source(layout):
            return present
        found = {name: value for name, value in present.items() if name in self.searchable}
        return found | {f"{name}{AS_JSON}": _text(value) for name, value in present.items()}

    def fetch(self, layout: Layout) -> dict[str, Any]:
        """Parts of a search request that return the kept fields, as the client names them."""
        if _has_source(layout):
            return {"source": list(self.kept)}
        return {"source": False, "stored_fields": [f"{name}{AS_JSON}" for name in self.kept]}

    def fetched(self, layout: Layout, hit: Mapping[str, Any]) -> dict[str, Any]:
        """The kept fields in a hit of a search that fetched them, as the source had them."""
        if _has_source(layout):
            return dict(hit.get("_source", {}))
        texts = hit.get("fields", {})
        return {name.removesuffix(AS_JSON): json.loads(texts[name][0]) for name in texts}


def choose_fields(
    source: Source,
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    searchable: Sequence[str] = (),
) -> Fields:
    """Decide about every field that the mapping or the sample has."""
    decided = {"--keep": keep, "--drop": drop, "--searchable": searchable}
    for option, names in decided.items():
        for name in names:
            if not Fields().undecided([name]):
                raise _always_migrates(name, option)
    if both := {*keep, *searchable} & set(drop):
        raise ExperimentError(f"field {both.pop()!r} is both kept and dropped; choose one")
    if beside := [name for name in (*keep, *searchable) if name.startswith(".")]:
        raise ExperimentError(
            f"field {beside[0]!r} stands beside one of the same name below the prefix, and the new "
            f"index has room for one: drop it (--drop {beside[0]})"
        )
    there = dict.fromkeys(source.properties)
    for hit in source.sample:
        there |= dict.fromkeys(hit["_source"])
    wanted = [*keep, *searchable, *(name for name in USUAL if name in there and name not in drop)]
    fields = Fields(tuple(sorted(set(wanted))), tuple(sorted(set(searchable))), tuple(sorted(drop)))
    unknown = [name for name in fields.undecided(list(there)) if not is_of_another_place(name)]
    if unknown:
        options = " ".join(f"--keep {name}" for name in unknown)
        raise ExperimentError(
            f"index {source.index!r} has fields that image-match does not write: "
            f"{', '.join(unknown)}. Decide about each, as in {options} (or --drop, or --searchable)"
        )
    return fields


def _always_migrates(name: str, option: str) -> ExperimentError:
    if (name, option) == (PATH, "--searchable"):
        by_path: dict[str, list[str]] = {}
        for layout in LAYOUTS.values():
            how = layout.path_found.replace(layout.path_name, PATH, 1)
            by_path.setdefault(how, []).append(layout.layout_id)
        told = "; ".join(f"{how}: {', '.join(ids)}" for how, ids in by_path.items())
        return ExperimentError(
            f"{option} {name}: the path always migrates, and how it is searched is the layout's. "
            f"Choose one that finds it as you need it (--to). It is found {told}"
        )
    return ExperimentError(
        f"{option} {name}: {name} always migrates, in the place that the layout has for it; "
        f"{option} is of the other fields. Leave it out"
    )


def kept_bytes(fields: Fields, documents: Sequence[Mapping[str, Any]]) -> float:
    """Mean length of the kept fields as JSON, bytes a document, before compression."""
    texts = [_text({name: own[name] for name in fields.kept if name in own}) for own in documents]
    return sum(len(text.encode()) for text in texts if text != "{}") / len(texts)


def _has_source(layout: Layout) -> bool:
    return layout.source in ("full", "filtered")


def _text(value: Any) -> str:
    # Elasticsearch keeps lone surrogates (of file names that are no UTF-8) in _source alone, and
    # puts U+FFFD in their place in any field.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
