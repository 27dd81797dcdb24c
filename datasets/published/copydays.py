"""The benchmark ``copydays:PATH``: INRIA Copydays.

Douze et al., "Evaluation of GIST descriptors for web-scale image search", CIVR 2009. 157 originals
``original/200000.jpg``, ``200100.jpg``, …; their copies at nine JPEG qualities, after scaling to
1/16 of the pixels, in ``jpegqual/75`` … ``jpegqual/3`` and with nine shares of the surface cut away
in ``crops/10`` … ``crops/80``, of the same names; and 229 copies with strong edits in
``strong/200001.jpg``, …. The first four digits of a number say which original it is of. The
originals are the database, the copies the queries; each has one right answer. Originals as queries
for themselves, which some evaluations count in, are left out: they are always found.

Folders may also be called as the archives they come in: ``copydays_original``, ``copydays_strong``,
``copydays_jpeg`` and ``copydays_crop``. The archives of JPEG copies and crops are hard to find
today, so any of the three kinds of copies is enough.
"""

from pathlib import Path

from datasets.published.collection import PublishedCollection, PublishedQuery
from datasets.published.tree import File, Layout, Tree, by_group
from datasets.queries import Label

LAYOUT = Layout(
    "copydays",
    "original/200000.jpg with strong/200001.jpg, jpegqual/75/200000.jpg or crops/50/200000.jpg",
    "CopydaysDataset in eval_copy_detection.py of github.com/facebookresearch/dino",
)
NAME = r"(\d{6})\.jpe?g"
ORIGINALS = ("original", "copydays_original", ".")
STRONG = ("strong", "copydays_strong")

#: Kinds of copies with a folder for each strength: quality, or percent of the surface cut away.
LEVELS = {
    "jpeg": ("jpegqual", "copydays_jpeg/jpegqual", "copydays_jpeg"),
    "crops": ("crops", "copydays_crop/crops", "copydays_crop"),
}
FAMILIES = {"jpeg": "copydays-jpeg", "crops": "copydays-crop", "strong": "copydays-strong"}


def open_copydays(path: Path) -> PublishedCollection:
    """Open Copydays.

    `DatasetError` if originals or all copies are missing, a copy has no original, or a folder of
    JPEG copies or crops lacks the copy of an original.
    """
    tree = Tree(path, LAYOUT)
    originals = tree.files(tree.folders(ORIGINALS, "originals")[0], NAME)
    of_block = by_group(originals, _block)
    pictures = {file: _block(file) for file in originals}
    queries = []
    for label, folder in _copies(tree):
        copies = tree.files(folder, NAME)
        blocks = {_block(file) for file in copies}
        if label.id != "strong" and (missing := sorted(set(of_block) - blocks)):
            raise LAYOUT.error(
                f"{folder} has {len(copies)} copies of {len(originals)} originals; there is none "
                f"of {of_block[missing[0]][0].id}"
            )
        for file in copies:
            if _block(file) not in of_block:
                raise LAYOUT.error(f"{file.id} has no original {_block(file)}00.jpg")
            pictures[file] = _block(file)
            right = tuple(original.id for original in of_block[_block(file)])
            queries.append(PublishedQuery(file.id, label, right))
    return PublishedCollection(tree, pictures, originals, queries)


def _block(file: File) -> str:
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
            raise LAYOUT.error(f"{top} has {named}; its folders are called by numbers")
        for level in sorted(levels, key=lambda folder: int(folder.name)):
            strength = int(level.name)
            found.append((Label(f"{kind}/{strength}", FAMILIES[kind], float(strength)), level))
    if strong := tree.first_folder(STRONG):
        found.append((Label("strong", FAMILIES["strong"]), strong))
    if not found:
        raise LAYOUT.error(f"no copies in {tree.root}: none of strong, jpegqual and crops")
    return found
