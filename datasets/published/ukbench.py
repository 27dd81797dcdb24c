"""The benchmark ``ukbench:PATH``: UKBench.

Nistér and Stewénius, "Scalable recognition with a vocabulary tree", CVPR 2006. 10,200 photographs
``full/ukbench00000.jpg`` … ``ukbench10199.jpg``, four of each object in a row. Every photograph is
a query, and all are the database. The published measure, the N-S score, counts how many of the
first four hits are of the query's object, the query itself among them: so all four are right, and
one of them is found for nothing. ``full`` is what the archive unpacks to; files that lie in PATH
itself are taken too.
"""

from pathlib import Path

from datasets.published.collection import PublishedCollection, PublishedQuery
from datasets.published.tree import File, Layout, Tree, by_group
from datasets.queries import Label

LAYOUT = Layout(
    "ukbench",
    "full/ukbench00000.jpg, …, four pictures of each object in a row",
    "archive.org/details/ukbench and vis.uky.edu/~stewe/ukbench",
)
NAME = r"ukbench(\d{5})\.jpe?g"
LABEL = Label("ukbench", "ukbench")

#: Photographs of each object.
SIZE = 4


def open_ukbench(path: Path) -> PublishedCollection:
    """Open UKBench. Leaving out whole objects is fine, a part of one is a `DatasetError`."""
    tree = Tree(path, LAYOUT)
    files = tree.files(tree.folders(("full", "ukbench/full", "."), "photographs")[0], NAME)
    objects = by_group(files, _object)
    for first, group in objects.items():
        if len(group) != SIZE:
            raise LAYOUT.error(
                f"{len(group)} of the {SIZE} pictures from ukbench{first}.jpg on are there: "
                f"{', '.join(file.id for file in group)}; add the others or remove these"
            )
    queries = [
        PublishedQuery(file.id, LABEL, _right(file, group))
        for group in objects.values()
        for file in group
    ]
    return PublishedCollection(tree, {file: _object(file) for file in files}, files, queries)


def _right(query: File, group: list[File]) -> tuple[str, ...]:
    """All of the object, the query itself last."""
    return (*(file.id for file in group if file is not query), query.id)


def _object(file: File) -> str:
    """Number of the first picture of the same object."""
    return f"{int(file.key) // SIZE * SIZE:05}"
