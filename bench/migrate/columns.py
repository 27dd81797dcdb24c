"""Which values the fields of an index without ``_source`` give back exactly as they were sent.

Doc values are typed and sorted, and keep each text of a document once: dates come back in
milliseconds, a ``float`` in 32 bits, a list in another order. A value that would come back changed
is kept as JSON text beside its column, see `bench.migrate.kept`.

https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/doc-values
"""

import ipaddress
import itertools
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.migrate.fields import SURROGATE

#: Longest term of Lucene, bytes.
_LONGEST_TERM = 32766
#: Format in which a date is fetched, where its mapping begins with the default one.
_DEFAULT_FORMAT = "strict_date_optional_time"
_MILLISECONDS = re.compile(r"[12]\d{3}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\.\d{3}Z")
_BITS = {"byte": 8, "short": 16, "integer": 32, "long": 64}


@dataclass(frozen=True)
class Column:
    """A field that a hit returns, and which values it returns exactly."""

    kind: str
    stored: bool = False  # fetched from stored fields, which keep order and repetitions
    ignore_above: int = 2**31
    has_default_format: bool = True  # of dates

    def holds(self, value: Any) -> bool:
        """Whether a value comes back as it is; a list of one does not, but as its element."""
        if not isinstance(value, list):
            return self._holds_one(value)
        if len(value) < 2 or not all(map(self._holds_one, value)):
            return False
        if self.stored:
            return True
        if self.kind == "keyword":  # a set in the order of its bytes
            terms = [one.encode() for one in value]
            return all(a < b for a, b in itertools.pairwise(terms))
        if self.kind == "ip":  # a set in the order of the addresses
            addresses = [ipaddress.ip_address(one) for one in value]
            return all(
                a.version == b.version and int(a) < int(b) for a, b in itertools.pairwise(addresses)
            )
        return all(a <= b for a, b in itertools.pairwise(value))

    def _holds_one(self, value: Any) -> bool:
        if self.kind in _BITS:
            return type(value) is int and -1 <= value >> (_BITS[self.kind] - 1) <= 0
        return _HOLDS[self.kind](self, value)


def _is_text(column: Column, value: Any) -> bool:
    return isinstance(value, str) and not SURROGATE.search(value)


def _is_term(column: Column, value: Any) -> bool:
    return (
        _is_text(column, value)
        and len(value.encode("utf-16-le")) <= 2 * column.ignore_above
        and len(value.encode()) <= _LONGEST_TERM
    )


def _is_double(column: Column, value: Any) -> bool:
    return type(value) is float and math.isfinite(value)


def _is_float(column: Column, value: Any) -> bool:
    with np.errstate(over="ignore"):
        return _is_double(column, value) and float(np.float32(value)) == value


def _is_date(column: Column, value: Any) -> bool:
    return (
        column.has_default_format
        and isinstance(value, str)
        and bool(_MILLISECONDS.fullmatch(value))
    )


def _is_ip(column: Column, value: Any) -> bool:
    try:
        return isinstance(value, str) and str(ipaddress.IPv4Address(value)) == value
    except ValueError:
        return False


#: By type, besides whole numbers; other types can be filtered by, but are fetched as JSON.
_HOLDS: dict[str, Callable[[Column, Any], bool]] = {
    "keyword": _is_term,
    "text": _is_text,
    "double": _is_double,
    "float": _is_float,
    "boolean": lambda column, value: isinstance(value, bool),
    "date": _is_date,
    "ip": _is_ip,
}


def column_of(mapping: Mapping[str, Any]) -> Column | None:
    """The column of a field, from its mapping; None if it has none that gives values back."""
    kind = mapping.get("type", "object")
    if kind not in (*_BITS, *_HOLDS) or "normalizer" in mapping:
        return None
    stored = kind == "text" or mapping.get("doc_values") is False
    if stored and not mapping.get("store"):
        return None
    form = str(mapping.get("format", _DEFAULT_FORMAT))
    return Column(
        kind,
        stored=stored,
        ignore_above=int(mapping.get("ignore_above", 2**31)),
        has_default_format=form.partition("||")[0] == _DEFAULT_FORMAT,
    )


def with_column(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping of a field, stored where it has no column and can be."""
    stored = {**mapping, "store": True}
    if column_of(mapping) is None and column_of(stored) is not None:
        return stored
    return dict(mapping)
