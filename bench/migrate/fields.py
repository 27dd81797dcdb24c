"""Which fields are kept beside path, signature and words, and how each layout keeps them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from typing import Any

from bench.migrate.prefix import PATH, SIGNATURE, WORD, is_of_another_place
from bench.migrate.source import Source
from bench.runs.errors import ExperimentError
from imgsig.layouts import LAYOUTS, Layout

#: image-match's fields that are kept by default.
USUAL = ("metadata", "timestamp")

#: What Python makes of bytes in file names that are not UTF-8.
SURROGATE = re.compile("[\ud800-\udfff]")

#: Suffix of fields kept as JSON text.
AS_JSON = "_json"


@dataclass(frozen=True)
class Fields:
    """What happens to each field.

    A kept field is in ``_source`` as it was, or, in an index without ``_source``, the stored text
    ``NAME_json``. A searchable one is kept and mapped as in the source.
    """

    kept: tuple[str, ...] = ()
    searchable: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    def to_json(self) -> dict[str, list[str]]:
        """As plain values."""
        return {option: list(names) for option, names in asdict(self).items()}

    def undecided(self, names: Sequence[str]) -> list[str]:
        """Names for which there is no decision."""
        return [
            name
            for name in names
            if name not in (PATH, SIGNATURE, *self.kept, *self.dropped)
            and not (name.startswith(WORD) and name.removeprefix(WORD).isdecimal())
        ]

    def properties(self, layout: Layout, source: Mapping[str, Any]) -> dict[str, Any]:
        """Mapping of the kept fields; `source` is their present mapping."""
        found: dict[str, Any] = {}
        for name in self.kept:
            if name in self.searchable:
                if name not in source:
                    raise ExperimentError(
                        f"--searchable {name}: the source has no mapping of it to copy"
                    )
                found[name] = dict(source[name])
                if "properties" in found[name]:  # new fields in it stay allowed
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
                    f"that name. Drop it (--drop {name}) or choose another layout"
                )
        return found

    def values(self, layout: Layout, document: Mapping[str, Any]) -> dict[str, Any]:
        """The kept fields of a document, as the new index gets them."""
        present = {name: document[name] for name in self.kept if name in document}
        if _has_source(layout):
            return present
        found = {name: value for name, value in present.items() if name in self.searchable}
        return found | {f"{name}{AS_JSON}": _text(value) for name, value in present.items()}

    def fetch(self, layout: Layout) -> dict[str, Any]:
        """Arguments of the client's ``search`` that return the kept fields."""
        if _has_source(layout):
            return {"source": list(self.kept)}
        return {"source": False, "stored_fields": [f"{name}{AS_JSON}" for name in self.kept]}

    def fetched(self, layout: Layout, hit: Mapping[str, Any]) -> dict[str, Any]:
        """The kept fields in a hit, as the source had them."""
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
    """Decide about every field in the mapping or the sample."""
    decided = {"--keep": keep, "--drop": drop, "--searchable": searchable}
    for option, names in decided.items():
        for name in names:
            if not Fields().undecided([name]):
                raise _always_migrates(name, option)
    if both := {*keep, *searchable} & set(drop):
        raise ExperimentError(f"field {both.pop()!r} is both kept and dropped; choose one")
    if beside := [name for name in (*keep, *searchable) if name.startswith(".")]:
        raise ExperimentError(
            f"field {beside[0]!r} has the same name as one under the prefix, and the new index "
            f"cannot keep both: drop it (--drop {beside[0]})"
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
            f"{', '.join(unknown)}. Decide about each: {options} (or --drop, or --searchable)"
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
            f"{option} {name}: the path is always migrated, and the layout decides how it is "
            f"searched. Choose a layout that finds it as you need (--to). It is found {told}"
        )
    return ExperimentError(
        f"{option} {name}: {name} is always migrated, to where the layout keeps it; {option} is "
        "for other fields. Leave it out"
    )


def kept_bytes(fields: Fields, documents: Sequence[Mapping[str, Any]]) -> float:
    """Mean bytes a document of the kept fields as JSON, before compression."""
    texts = [_text({name: own[name] for name in fields.kept if name in own}) for own in documents]
    return sum(len(text.encode()) for text in texts if text != "{}") / len(texts)


def _has_source(layout: Layout) -> bool:
    return layout.source in ("full", "filtered")


def _text(value: Any) -> str:
    # Elasticsearch keeps lone surrogates (from file names that are not UTF-8) in _source only;
    # in fields it replaces them by U+FFFD.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
