"""Benchmarks whose files are numbered so that the number says what belongs together."""

from collections.abc import Callable, Sequence
from pathlib import Path

from datasets.published.collection import PublishedCollection, PublishedQuery
from datasets.published.tree import File, FileLayout, Tree
from datasets.queries import Label

COPYDAYS = FileLayout(
    "copydays",
    "original/200000.jpg with strong/200001.jpg, jpegqual/75/200000.jpg or crops/50/200000.jpg",
    "CopydaysDataset in eval_copy_detection.py of github.com/facebookresearch/dino",
)
SIX_DIGITS = r"(\d{6})\.jpe?g"
ORIGINALS = ("original", "copydays_original", ".")
STRONG = ("strong", "copydays_strong")

#: Kinds of copies with a folder for each strength: quality, or percent of the surface cut away.
LEVELS = {
    "jpeg": ("jpegqual", "copydays_jpeg/jpegqual", "copydays_jpeg"),
    "crops": ("crops", "copydays_crop/crops", "copydays_crop"),
}
COPY_FAMILIES = {"jpeg": "copydays-jpeg", "crops": "copydays-crop", "strong": "copydays-strong"}


def open_copydays(path: Path) -> PublishedCollection:
    """Open ``copydays:PATH``, INRIA Copydays.

    Douze et al., "Evaluation of GIST descriptors for web-scale image search", CIVR 2009. 157
    originals ``original/200000.jpg``, ``200100.jpg``, …; their copies at nine JPEG qualities, after
    scaling to 1/16 of the pixels, in ``jpegqual/75`` … ``jpegqual/3`` and with nine shares of the
    surface cut away in ``crops/10`` … ``crops/80``, of the same names; and 229 copies with strong
    edits in ``strong/200001.jpg``, …. The first four digits of a number say which original it is
    of. The originals are the database, the copies the queries; each has one right answer. Originals
    as queries for themselves, which some evaluations count in, are left out: they are always found.

    Folders may also be called as the archives they come in: ``copydays_original``,
    ``copydays_strong``, ``copydays_jpeg`` and ``copydays_crop``. The archives of JPEG copies and
    crops are hard to find today, so any of the three kinds of copies is enough.

    `DatasetError` if originals or all copies are missing, a copy has no original, or a folder of
    JPEG copies or crops lacks the copy of an original.
    """
    tree = Tree(path, COPYDAYS)
    originals = tree.files(tree.folders(ORIGINALS, "originals")[0], SIX_DIGITS)
    of_block = by_group(originals, _hundred)
    pictures = {file: _hundred(file) for file in originals}
    queries = []
    for label, folder in _copies(tree):
        copies = tree.files(folder, SIX_DIGITS)
        blocks = {_hundred(file) for file in copies}
        if label.id != "strong" and (missing := sorted(set(of_block) - blocks)):
            raise COPYDAYS.error(
                f"{folder} has {len(copies)} copies of {len(originals)} originals; there is none "
                f"of {of_block[missing[0]][0].id}"
            )
        for file in copies:
            if _hundred(file) not in of_block:
                raise COPYDAYS.error(f"{file.id} has no original {_hundred(file)}00.jpg")
            pictures[file] = _hundred(file)
            right = tuple(original.id for original in of_block[_hundred(file)])
            queries.append(PublishedQuery(file.id, label, right))
    return PublishedCollection(tree, pictures, originals, queries)


def _hundred(file: File) -> str:
    """The first four of six digits, which pictures that belong together share."""
    return file.key[:4]


def _copies(tree: Tree) -> list[tuple[Label, Path]]:
    """The folders of copies that are there, each with its label; the strong ones last."""
    found = []
    for kind, names in LEVELS.items():
        top = tree.first_folder(names)
        if top is None:
            continue
        levels = [folder for folder in top.iterdir() if folder.is_dir()]
        if not levels or (odd := [level.name for level in levels if not level.name.isdecimal()]):
            named = f"a folder {odd[0]!r}" if levels else "no folder"
            raise COPYDAYS.error(f"{top} has {named}; its folders must be named by numbers")
        for level in sorted(levels, key=lambda folder: int(folder.name)):
            strength = int(level.name)
            found.append((Label(f"{kind}/{strength}", COPY_FAMILIES[kind], float(strength)), level))
    if strong := tree.first_folder(STRONG):
        found.append((Label("strong", COPY_FAMILIES["strong"]), strong))
    if not found:
        raise COPYDAYS.error(f"no copies in {tree.root}: none of strong, jpegqual and crops")
    return found


HOLIDAYS = FileLayout(
    "holidays",
    "jpg/100000.jpg (the query of group 1000), jpg/100001.jpg, … (its right answers)",
    "lear.inrialpes.fr/people/jegou/data.php and holidays_map.py of its evaluation package",
)


def open_holidays(path: Path) -> PublishedCollection:
    """Open ``holidays:PATH``, INRIA Holidays.

    Jégou, Douze and Schmid, "Hamming embedding and weak geometric consistency for large scale image
    search", ECCV 2008. 1,491 photographs ``jpg/100000.jpg``, … in 500 groups of the same scene: a
    number is the group's times 100 and the place in the group. The first of each group (a number
    that 100 divides) is a query, the others of the group are right. All photographs are the
    database; the query itself is ignored where it is found, as the authors' evaluation
    (``holidays_map.py``) does. ``jpg`` is what both archives unpack to; files that lie in PATH
    itself are taken too.

    `DatasetError` if a group lacks its query or everything else.
    """
    tree = Tree(path, HOLIDAYS)
    files = tree.files(tree.folders(("jpg", "."), "photographs")[0], SIX_DIGITS)
    queries = []
    for group, (first, *others) in by_group(files, _hundred).items():
        if first.key != f"{group}00":
            raise HOLIDAYS.error(f"group {group} has {first.id} but no query {group}00.jpg")
        if not others:
            raise HOLIDAYS.error(f"group {group} has a query {first.id} and no right answer for it")
        right = tuple(file.id for file in others)
        queries.append(
            PublishedQuery(first.id, Label("holidays", "holidays"), right, ignored=(first.id,))
        )
    return PublishedCollection(tree, {file: _hundred(file) for file in files}, files, queries)


UKBENCH = FileLayout(
    "ukbench",
    "full/ukbench00000.jpg, …, four pictures of each object in a row",
    "archive.org/details/ukbench and vis.uky.edu/~stewe/ukbench",
)

#: Photographs of each object.
OF_EACH = 4


def open_ukbench(path: Path) -> PublishedCollection:
    """Open ``ukbench:PATH``, UKBench.

    Nistér and Stewénius, "Scalable recognition with a vocabulary tree", CVPR 2006. 10,200
    photographs ``full/ukbench00000.jpg`` … ``ukbench10199.jpg``, four of each object in a row.
    Every photograph is a query, and all are the database. The published measure, the N-S score,
    counts how many of the first four hits are of the query's object, the query itself among them:
    so all four are right, and one of them is found for nothing. ``full`` is what the archive
    unpacks to; files that lie in PATH itself are taken too.

    Leaving out whole objects is fine, a part of one is a `DatasetError`.
    """
    tree = Tree(path, UKBENCH)
    files = tree.files(
        tree.folders(("full", "ukbench/full", "."), "photographs")[0], r"ukbench(\d{5})\.jpe?g"
    )
    objects = by_group(files, _object)
    for first, group in objects.items():
        if len(group) != OF_EACH:
            raise UKBENCH.error(
                f"{len(group)} of the {OF_EACH} pictures from ukbench{first}.jpg on are there: "
                f"{', '.join(file.id for file in group)}; add the others or remove these"
            )
    queries = [
        PublishedQuery(file.id, Label("ukbench", "ukbench"), _right(file, group))
        for group in objects.values()
        for file in group
    ]
    return PublishedCollection(tree, {file: _object(file) for file in files}, files, queries)


def _right(query: File, group: list[File]) -> tuple[str, ...]:
    """All of the object, the query itself last."""
    return (*(file.id for file in group if file is not query), query.id)


def _object(file: File) -> str:
    """Number of the first picture of the same object."""
    return f"{int(file.key) // OF_EACH * OF_EACH:05}"


def by_group(files: Sequence[File], group: Callable[[File], str]) -> dict[str, list[File]]:
    """Files by their groups, both in the order of the files."""
    groups: dict[str, list[File]] = {}
    for file in files:
        groups.setdefault(group(file), []).append(file)
    return groups
