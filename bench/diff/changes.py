"""What runs differ in before anything was measured, and what is therefore said first."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from bench.engine.catalog import engine_title
from bench.runs.config_file import canonical_json

Manifest = Mapping[str, Any]

#: Parts of a manifest that are compared; what is different in every run is left out.
_PARTS = ("config", "code", "engine", "engines", "machine", "dataset")
_OF_ONE_RUN = ("url", "cluster_uuid", "cluster_name")


def changes(a: Manifest, b: Manifest) -> pd.DataFrame:
    """Every value that differs: ``what`` as a path, and its text in ``a`` and ``b``."""
    rows = [row for part in _PARTS for row in _different(part, a.get(part), b.get(part))]
    return pd.DataFrame(rows, columns=["what", "a", "b"])


def _different(path: str, a: Any, b: Any) -> Iterator[tuple[str, str, str]]:
    a, b = _named(a), _named(b)
    if isinstance(a, dict) and isinstance(b, dict):
        for key in dict.fromkeys([*a, *b]):
            if key not in _OF_ONE_RUN:
                yield from _different(f"{path}.{key}", a.get(key), b.get(key))
    elif a != b:
        yield path, _text(a), _text(b)


def _named(value: Any) -> Any:
    """A list of indices or engines by their names, so that one more shifts no other."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        return value
    names = [one.get("index") or f"{one.get('name')} {one.get('version', '')}" for one in value]
    return dict(zip(names, value, strict=True)) if len(set(names)) == len(names) else value


def _text(value: Any) -> str:
    if value is None:
        return "–"
    text = value if isinstance(value, str) else canonical_json(value)
    return f"{text[:12]}…" if re.fullmatch(r"[0-9a-f]{40,64}", text) else text


def cautions(a: Manifest, b: Manifest) -> list[str]:
    """What stands in the way of a fair comparison, in sentences; nothing, where nothing does."""
    said = []
    of_a, of_b = _engines(a), _engines(b)
    if of_a != of_b:
        said.append(
            f"A was measured on {of_a}, B on {of_b}: bytes and times are of different engines, and "
            "a difference need not come from anything else."
        )
    pictures, others = a["dataset"], b["dataset"]
    if pictures["sha256"] != others["sha256"]:
        said.append(
            f"A is of the pictures of {pictures['collection']}, B of "
            f"{_other(pictures['collection'], others['collection'])}: bytes and quality are of "
            "different pictures."
        )
    if (counted := pictures.get("documents")) != (other := others.get("documents")):
        said.append(
            f"A has {_count(counted)} documents, B {_count(other)}: what an index takes however "
            "few it holds weighs differently, and so does what can be confused."
        )
    machine = [key for key in ("system", "processor", "cores", "memory_bytes")
               if a["machine"].get(key) != b["machine"].get(key)]  # fmt: skip
    if machine:
        differs = ", ".join(machine).replace("_bytes", "")
        said.append(f"The machines differ ({differs}): times are of different machines.")
    return said


def _engines(manifest: Manifest) -> str:
    every = manifest.get("engines") or [manifest["engine"]]
    named = [
        f"{engine_title(one)} (Lucene {one.get('lucene') or 'not told'})" for one in every if one
    ]
    return ", ".join(named) or "no engine"


def _other(name: str, other: str) -> str:
    return f"another state of {other}" if name == other else other


def _count(number: int | None) -> str:
    return "no" if number is None else f"{number:,}"
