"""Where image-match's fields are in a document: at its top level, or in an object (the prefix).

image-match up to 1.1.2 writes them at the top level. image-match3 1.1.3, for Elasticsearch without
types, nests them under the type's name: ``{"image": {"path": …, "signature": …}}``, where ``image``
is the argument ``doc_type``. An index written by both has both. All other modules see names without
the prefix.

Source: the package image-match3 1.1.3, ``elasticsearch_driver.py``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bench.runs.errors import IndexStateError
from imgsig.compat.records import METADATA, PATH, SIGNATURE, WORD

#: The top level: no prefix.
TOP = ("",)

_OWN = re.compile(rf"{PATH}|{SIGNATURE}|{WORD}\d+|{METADATA}|timestamp")


def choose_prefixes(
    index: str, properties: Mapping[str, Any], chosen: Sequence[str] = ()
) -> tuple[tuple[str, ...], int]:
    """Find the prefixes under which there are words, and the number of words.

    >>> choose_prefixes("x", {"image": {"properties": {"simple_word_0": {"type": "long"}}}})
    (('image',), 1)
    """
    found: dict[str, list[int]] = {}
    for name in _names(properties):
        if match := re.fullmatch(rf"(?:(.+)\.)?{WORD}(\d+)", name):
            found.setdefault(match[1] or "", []).append(int(match[2]))
    counts = {
        prefix: len(numbers)
        for prefix, numbers in found.items()
        if sorted(numbers) == list(range(len(numbers)))
    }
    if not counts:
        raise IndexStateError(
            f"index {index!r} has {sum(map(len, found.values()))} fields {WORD}0, {WORD}1, … "
            f"{'with gaps between them' if found else 'at the top level or in any object'}; "
            "image-match did not write it"
        )
    if missing := [prefix for prefix in chosen if prefix not in counts]:
        raise IndexStateError(
            f"--prefix {missing[0]!r}: index {index!r} has no words there; it has words at "
            f"{_listed(counts)}"
        )
    prefixes = tuple(dict.fromkeys(chosen)) or tuple(counts)
    if len(prefixes) > 1 and not chosen:
        options = " ".join(f"--prefix {prefix or repr('')}" for prefix in counts)
        raise IndexStateError(
            f"index {index!r} has words in several places: {_listed(counts)}. Choose one with "
            f"--prefix, or give all if different clients have written to it: {options}"
        )
    if len({counts[prefix] for prefix in prefixes}) > 1:
        raise IndexStateError(
            f"index {index!r} has different numbers of words at {_listed(counts)}; one new index "
            "cannot hold them all. Migrate them one at a time (--prefix)"
        )
    return prefixes, counts[prefixes[0]]


def without_prefix(document: Mapping[str, Any], prefixes: Sequence[str]) -> dict[str, Any]:
    """Move a document's fields from under the prefix to the top level.

    A top-level field that could be mistaken for one of them gets a dot before its name, which no
    field of an index has: nothing was decided about that name, so the document is refused.

    >>> without_prefix({"image": {"path": "a", "signature": []}, "owner": 3}, ["image"])
    {'path': 'a', 'signature': [], 'owner': 3}
    >>> without_prefix({"a": {"b": {"path": "a", "signature": []}, "path": "c"}}, ["a.b"])
    {'path': 'a', 'signature': [], 'a.path': 'c'}
    """
    for prefix in prefixes:
        below, beside = _split(document, prefix) if prefix else (dict(document), {})
        if SIGNATURE in below or f"{WORD}0" in below or prefix == prefixes[-1]:
            break
    return below | {_beside(name, below): beside[name] for name in beside}


def is_of_another_place(name: str) -> bool:
    """Whether a name without prefix is of an image-match field outside the prefix that is read.

    >>> is_of_another_place(".path"), is_of_another_place(".owner"), is_of_another_place("path")
    (True, False, False)
    """
    return name.startswith(".") and bool(_OWN.fullmatch(name[1:]))


def _beside(name: str, below: Mapping[str, Any]) -> str:
    return f".{name}" if name in below or _OWN.fullmatch(name) else name


def properties_without_prefix(
    properties: Mapping[str, Any], prefixes: Sequence[str]
) -> dict[str, Any]:
    """A mapping's ``properties``, by names without the prefix."""
    found: dict[str, Any] = {}
    for prefix in prefixes:
        others = {other.partition(".")[0] for other in prefixes if other and other != prefix}
        below, beside = _split(properties, prefix, "properties") if prefix else ({}, properties)
        if prefix and "" in prefixes:
            beside = {}  # they belong to the top level
        for name, field in below.items():
            found.setdefault(name, field)
        for name in beside.keys() - others:
            found.setdefault(_beside(name, below) if prefix else name, beside[name])
    return found


def _split(
    fields: Mapping[str, Any], prefix: str, key: str = ""
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fields under a prefix, and the others; `key` is where a field has its own fields."""
    below: dict[str, Any] = {}
    beside: dict[str, Any] = {}
    for name, value in fields.items():
        inner = value.get(key) if key and isinstance(value, Mapping) else value
        if name.startswith(f"{prefix}."):  # dots mean the same
            below[name.removeprefix(f"{prefix}.")] = value
        elif name == prefix and isinstance(inner, Mapping):
            below |= inner
        elif prefix.startswith(f"{name}.") and isinstance(inner, Mapping):
            deeper, others = _split(inner, prefix.removeprefix(f"{name}."), key)
            below |= deeper
            beside |= {f"{name}.{other}": others[other] for other in others}
        else:
            beside[name] = value
    return below, beside


def _names(properties: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for name, field in properties.items():
        yield f"{above}{name}"
        yield from _names(field.get("properties", {}), f"{above}{name}.")


def _listed(counts: Mapping[str, int]) -> str:
    places = [f"the top level ({n})" if not at else f"{at!r} ({n})" for at, n in counts.items()]
    return ", ".join(places)
