"""The benchmark ``holidays:PATH``: INRIA Holidays.

Jégou, Douze and Schmid, "Hamming embedding and weak geometric consistency for large scale image
search", ECCV 2008. 1,491 photographs ``jpg/100000.jpg``, … in 500 groups of the same scene: a
number is the group's times 100 and the place in the group. The first of each group (a number that
100 divides) is a query, the others of the group are right. All photographs are the database; the
query itself is ignored where it is found, as the authors' evaluation (``holidays_map.py``) does.
``jpg`` is what both archives unpack to; files that lie in PATH itself are taken too.
"""

from pathlib import Path

from datasets.published.collection import PublishedCollection, PublishedQuery
from datasets.published.tree import File, Layout, Tree, by_group
from datasets.queries import Label

LAYOUT = Layout(
    "holidays",
    "jpg/100000.jpg (the query of group 1000), jpg/100001.jpg, … (its right answers)",
    "lear.inrialpes.fr/people/jegou/data.php and holidays_map.py of its evaluation package",
)
NAME = r"(\d{6})\.jpe?g"
LABEL = Label("holidays", "holidays")


def open_holidays(path: Path) -> PublishedCollection:
    """Open Holidays; `DatasetError` if a group lacks its query or everything else."""
    tree = Tree(path, LAYOUT)
    files = tree.files(tree.folders(("jpg", "."), "photographs")[0], NAME)
    queries = []
    for group, (first, *others) in by_group(files, _group).items():
        if first.key != f"{group}00":
            raise LAYOUT.error(f"group {group} has {first.id} but no query {group}00.jpg")
        if not others:
            raise LAYOUT.error(f"group {group} has a query {first.id} and no right answer for it")
        right = tuple(file.id for file in others)
        queries.append(PublishedQuery(first.id, LABEL, right, ignored=(first.id,)))
    return PublishedCollection(tree, {file: _group(file) for file in files}, files, queries)


def _group(file: File) -> str:
    return file.key[:4]
