"""The benchmarks ``disc21:PATH`` and ``disc21-dev:PATH``: the Image Similarity Challenge's dataset.

Douze et al., "The 2021 Image Similarity Dataset and Challenge", arXiv:2106.09672. A million
references ``R000000.jpg`` … ``R999999.jpg``, queries ``Q00000.jpg``, … and ground truth
``dev_queries_groundtruth.csv`` with the columns ``query_id,reference_id``, without suffixes. A row
without a reference is a query without a match. The queries are those that the ground truth names;
of others it is not known whether they have a match, and they are left out. The final phase's
``test_queries_groundtruth.csv`` is read too if it is there.

``disc21-dev`` is the subset of the development queries that its authors publish figures of: those
that have a match, 4,991, among the 4,991 references that are one. Its ground truth is
``subset_1_ground_truth.csv``, in ``list_files`` of github.com/facebookresearch/isc2021; that folder
may lie in PATH.

Folders are called as the archives unpack (``refs_50k_0`` … ``refs_50k_19``, ``dev_queries_50k_0``),
or by any of the names below, and may have folders inside.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from datasets.collection import Unreadable
from datasets.published.collection import PublishedCollection, PublishedQuery
from datasets.published.tree import File, FileLayout, Tree
from datasets.queries import Label

LAYOUT = FileLayout(
    "disc21",
    "references/R000000.jpg, queries/Q00000.jpg and dev_queries_groundtruth.csv",
    "the README and docs/1_gist_subset.md of github.com/facebookresearch/isc2021",
)
SUBSET_LAYOUT = replace(
    LAYOUT,
    name="disc21-dev",
    expected="references/R000000.jpg, queries/Q00000.jpg and list_files/subset_1_ground_truth.csv",
)
REFERENCES = (
    "reference_images",
    "references",
    "refs",
    "val_ref",
    "images/references",
    "refs_50k_*",
)
QUERIES = (
    *("query_images", "queries", "*_queries", "queries_*", "val_query", "images/queries"),
    "*_queries_50k_*",
)
SUBSET = {
    "disc21-dev": ("subset_1_ground_truth.csv", "list_files/subset_1_ground_truth.csv"),
}
GROUND_TRUTH = {
    "disc21-dev": (
        "dev_queries_groundtruth.csv",
        "public_ground_truth.csv",
        "list_files/public_ground_truth.csv",
        "val_groundtruth_matches.csv",
    ),
    "disc21-test": ("test_queries_groundtruth.csv",),
}

#: Queries and their references, none where there is no match, by label.
Matches = dict[str, dict[str, list[str]]]


def open_disc21(path: Path) -> PublishedCollection:
    """Open DISC21.

    `DatasetError` if references, queries or ground truth are missing, or the ground truth names a
    picture that is.
    """
    return _open(Tree(path, LAYOUT), GROUND_TRUTH)


def open_disc21_dev(path: Path) -> PublishedCollection:
    """Open the published subset of DISC21; errors are those of `open_disc21`."""
    return _open(Tree(path, SUBSET_LAYOUT), SUBSET)


def _open(tree: Tree, tables: Mapping[str, tuple[str, ...]]) -> PublishedCollection:
    matches = _ground_truth(tree, tables)
    named = {query: found for part in matches.values() for query, found in part.items()}
    references = _by_key(tree, REFERENCES, "references", r"(R\d{6})\.jpe?g")
    queries = _by_key(tree, QUERIES, "queries", r"(Q\d{5})\.jpe?g")
    wanted = {name for found in named.values() for name in found}
    _check_there(tree, named, queries, "queries")
    _check_there(tree, wanted, references, "references")
    if tables is SUBSET:
        references = {key: file for key, file in references.items() if key in wanted}
    elif unknown := sorted(set(queries) - set(named)):
        tree.unreadable.append(
            Unreadable(queries[unknown[0]].id, f"one of {len(unknown):,} without ground truth")
        )
    groups = _groups(named)
    pictures = {file: groups.get(key, key) for key, file in references.items()}
    pictures |= {queries[key]: groups[key] for key in named}
    asked = [
        PublishedQuery(
            queries[query].id, Label(label, "disc21"), tuple(references[name].id for name in found)
        )
        for label, part in matches.items()
        for query, found in part.items()
    ]
    return PublishedCollection(tree, pictures, list(references.values()), asked)


def _by_key(tree: Tree, names: tuple[str, ...], what: str, pattern: str) -> dict[str, File]:
    files: dict[str, File] = {}
    for folder in tree.folders(names, what):
        for file in tree.files(folder, pattern, below=True):
            key = file.key.upper()
            if (first := files.setdefault(key, file)) is not file:
                raise tree.layout.error(f"{first.id} and {file.id} have the same number")
    return files


def _check_there(tree: Tree, named: Iterable[str], files: Mapping[str, File], what: str) -> None:
    wanted = set(named)
    if missing := sorted(wanted - set(files)):
        raise tree.layout.error(
            f"{len(missing):,} of the {len(wanted):,} {what} that the ground truth names are not "
            f"there, the first is {missing[0]}.jpg; {len(files):,} {what} are"
        )


def _ground_truth(tree: Tree, tables: Mapping[str, tuple[str, ...]]) -> Matches:
    matches: Matches = {}
    for label, names in tables.items():
        path = next((tree.root / name for name in names if (tree.root / name).is_file()), None)
        if path is not None:
            matches[label] = _read_matches(path, tree.layout)
    if not matches:
        wanted = ", ".join(name for names in tables.values() for name in names)
        raise tree.layout.error(f"no ground truth in {tree.root}: none of {wanted}")
    for one, other in combinations(matches.values(), 2):
        if both := sorted(set(one) & set(other)):
            raise tree.layout.error(f"{both[0]} is in the ground truth of both phases")
    return matches


def _read_matches(path: Path, layout: FileLayout) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as text:
        for line, row in enumerate(csv.reader(text), start=1):
            cells = [cell.strip() for cell in row]
            if not cells or (line == 1 and cells == ["query_id", "reference_id"]):
                continue
            if not re.fullmatch(r"Q\d{5},(R\d{6})?", ",".join(cells)):
                raise layout.error(
                    f"line {line} of {path} is {','.join(row)!r}, and neither a query and its "
                    "reference (Q00003,R326040) nor a query without one (Q00000,)"
                )
            query, reference = cells
            references = found.setdefault(query, [])
            if reference and reference not in references:
                references.append(reference)
    if not found:
        raise layout.error(f"{path} names no query")
    return found


def _groups(named: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Group of each query and reference that is named: what is linked by matches is together.

    A group is called by its first name in order; references come after queries.
    """
    names = [*named, *sorted({name for found in named.values() for name in found})]
    place = {name: number for number, name in enumerate(names)}
    pairs = [(place[query], place[name]) for query, found in named.items() for name in found]
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    links = coo_array((np.ones(len(ends)), ends.T), shape=(len(names), len(names)))
    _, component = connected_components(links, directed=False)
    first: dict[int, str] = {}
    return {
        name: first.setdefault(part, name)
        for name, part in zip(names, component.tolist(), strict=True)
    }
