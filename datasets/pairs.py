"""A user's own near-duplicates: ``pairs.csv`` beside the pictures of a folder.

One line a pair, with the columns ``query`` and ``match``: paths of two pictures in the folder, and
in ``how``, which may be left out, what the pair is called. A query with several lines has several
right answers. Queries are searched for and are not in the database.
"""

import csv
from collections.abc import Collection, Mapping
from pathlib import Path

from scipy.cluster.hierarchy import DisjointSet

from datasets.collection import Pair
from datasets.errors import DatasetError

#: Name of the file, in the folder itself.
FILE = "pairs.csv"

COLUMNS = ("query", "match")


def read_pairs(path: Path, pictures: Collection[str]) -> tuple[Pair, ...]:
    """Read the pairs of a folder, whose pictures have such names.

    `DatasetError`, with the line, if it is no such table, names what is no picture, or says
    something twice or that contradicts another line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} cannot be read: {error}; it must be CSV in UTF-8") from error
    reader = csv.DictReader(text.splitlines(), strict=True)
    try:
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            raise DatasetError(
                f"{path}, line 1: there is no column {missing[0]}; the first line must be "
                "query,match"
            )
        matches: dict[str, list[str]] = {}
        how: dict[str, str] = {}
        lines: dict[str, int] = {}
        for row in reader:
            query, match = (row[name] or "" for name in COLUMNS)
            problem = _problem(query, match, pictures, matches)
            if problem:
                raise DatasetError(f"{path}, line {reader.line_num}: {problem}")
            matches.setdefault(query, []).append(match)
            how.setdefault(query, row.get("how") or "pair")
            lines.setdefault(match, reader.line_num)
    except csv.Error as error:
        raise DatasetError(f"{path}, line {reader.reader.line_num}: {error}") from error
    if both := sorted(matches.keys() & lines.keys()):
        raise DatasetError(
            f"{path}, line {lines[both[0]]}: {both[0]!r} is a match here and a query elsewhere; a "
            "query is not in the database, so it cannot be found"
        )
    if not matches:
        raise DatasetError(f"{path} names no pair; add some, or remove it")
    return tuple(Pair(query, tuple(found), how[query]) for query, found in matches.items())


def _problem(
    query: str, match: str, pictures: Collection[str], known: Mapping[str, Collection[str]]
) -> str:
    for name in (query, match):
        if name not in pictures:
            return f"{name!r} is no picture in the folder; give its path from there"
    if query == match:
        return f"{query!r} is paired with itself"
    if match in known.get(query, ()):
        return f"{query!r} and {match!r} are there twice"
    return ""


def joined_groups(groups: Mapping[str, str], pairs: tuple[Pair, ...]) -> dict[str, str]:
    """Groups of pictures, those of a pair's pictures made one.

    >>> joined_groups({"a": "a", "b": "b", "c": "c"}, (Pair("a", ("b",), "pair"),))
    {'a': 'a', 'b': 'a', 'c': 'c'}
    """
    sets = DisjointSet(sorted(set(groups.values())))
    for pair in pairs:
        for match in pair.matches:
            sets.merge(groups[pair.query], groups[match])
    first = {name: min(part) for part in sets.subsets() for name in part}
    return {picture: first[group] for picture, group in groups.items()}
