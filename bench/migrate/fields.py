"""Which fields are kept beside path, signature and words."""

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.migrate.prefix import is_of_another_place
from bench.migrate.source import Source
from bench.runs.errors import ExperimentError
from imgsig.compat.records import PATH, SIGNATURE, WORD
from imgsig.layouts import LAYOUTS

#: What Python makes of bytes in file names that are not UTF-8.
SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Fields:
    """What happens to each field; see `bench.migrate.kept` for how a layout keeps one."""

    kept: tuple[str, ...] = ()
    searchable: tuple[str, ...] = ()  # of those kept: mapped as in the source
    dropped: tuple[str, ...] = ()

    def to_json(self) -> dict[str, list[str]]:
        """What was decided, as plain values; fields that appear later change nothing of it."""
        hidden = [name for name in self.kept if name not in self.searchable]
        return {"hidden": hidden, "dropped": list(self.dropped)}

    def undecided(self, names: Sequence[str]) -> list[str]:
        """Names for which there is no decision."""
        return [
            name
            for name in names
            if name not in (PATH, SIGNATURE, *self.kept, *self.dropped)
            and not (name.startswith(WORD) and name.removeprefix(WORD).isdecimal())
        ]


def choose_fields(
    source: Source,
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    searchable: Sequence[str] = (),
) -> Fields:
    """Decide about every field in the mapping or the sample: by default it stays as it is.

    One to `keep` is kept without being searched, one to `drop` is not; `searchable` insists on
    what is the default.
    """
    decided = {"--keep": keep, "--drop": drop, "--searchable": searchable}
    for option, names in decided.items():
        for name in names:
            if not Fields().undecided([name]):
                raise _always_migrates(name, option)
    for one, other in itertools.combinations(decided, 2):
        if both := set(decided[one]) & set(decided[other]):
            raise ExperimentError(f"field {both.pop()!r} has both {one} and {other}; choose one")
    if beside := [name for name in (*keep, *searchable) if name.startswith(".")]:
        raise ExperimentError(
            f"field {beside[0]!r} has the same name as one under the prefix, and the new index "
            f"cannot keep both: drop it (--drop {beside[0]})"
        )
    for name in searchable:
        if name not in source.properties:
            raise ExperimentError(f"--searchable {name}: the source has no mapping of it to copy")
    there = dict.fromkeys(source.properties)
    for hit in source.sample:
        there |= dict.fromkeys(hit["_source"])
    others = Fields(dropped=tuple(drop)).undecided([*keep, *there])
    kept = sorted({name for name in others if not is_of_another_place(name)})
    mapped = tuple(name for name in kept if name not in keep)
    return Fields(tuple(kept), mapped, tuple(sorted(drop)))


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
    present = [{name: own[name] for name in fields.kept if name in own} for own in documents]
    texts = [json_text(kept) for kept in present if kept]
    return sum(len(text.encode()) for text in texts) / len(documents)


def json_text(value: Any) -> str:
    """A value as JSON text, which the engine keeps unchanged.

    It keeps lone surrogates (from file names that are not UTF-8) in ``_source`` only; in fields it
    replaces them by U+FFFD.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
