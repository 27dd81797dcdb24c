"""Choose the pictures of the collections: datasets/pictures.csv and renditions.csv, no pixels.

Of the sources in ``sources.csv`` that are not those of ``photos``, everything is taken but what
``pictures_left_out.csv`` names with a reason. Which pictures are one scene, and which stratum they
are in, is decided by rules here. ``sheets`` draws what was chosen, to be looked at.
"""

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from rich.progress import track
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from datasets.archives import Archive, members, read_member, sources
from datasets.collection import opened, to_plain
from datasets.photos import PhotosCollection
from datasets.pictures import MORE

FOLDER = Path("datasets")

#: Pictures are of one scene if at most so many of the 256 bits of their dHashes differ, whatever
#: their colours: so a drawing and its recolours are one scene.
SAME_SCENE = 16

#: A border pixel is plain if no channel is further than this from the border's median.
PLAIN = 16
#: An object is on plain ground if so much of the border is plain.
ON_PLAIN_GROUND = 0.7

#: Strata of pictures whose source is of another, found by looking.
MOVED = {
    "wknd/activities/cycling/blast": "objects",
    "wknd/activities/cycling/mx121": "objects",
    "wknd/activities/cycling/sequoiaside": "objects",
    "wknd/site/Notfound": "objects",
    "wknd/site/wknd-logo-dk": "clipart",
    "wknd/site/wknd-logo-light": "clipart",
}

#: Smaller pictures are icons.
MIN_LONGER_SIDE = 128

#: How publishers name what they made of a picture: pattern of the file, what replaces the part that
#: it matched to give the picture's file, and what the pair is called.
RENDITIONS = (
    ("*/cq5dam.zoom.2048.2048.*", "original", "zoom-2048"),
    ("*/cq5dam.web.1280.1280.*", "original", "web-1280"),
    ("*/cq5dam.thumbnail.319.319.png", "original", "thumbnail-319"),
    ("*/cq5dam.thumbnail.140.100.png", "original", "thumbnail-140"),
    ("package/demo/img/*-375.jpg", "-1600.jpg", "width-375"),
    ("package/demo/img/*-480.jpg", "-1600.jpg", "width-480"),
    ("package/demo/img/thumb-*.jpg", "-1600.jpg", "thumbnail-348"),
)

#: Pairs whose file names do not say so, found by looking: file, picture, what the pair is called.
LOOKED_AT = {
    "package/demo/img/1.jpg": ("package/demo/img/1-1600.jpg", "width-800"),
    "package/demo/img/2.jpg": ("package/demo/img/2-1600.jpg", "width-800"),
    "package/demo/img/4.jpg": ("package/demo/img/4-1600.jpg", "width-800"),
    "package/demo/img/13.jpg": ("package/demo/img/13-1600.jpg", "width-800"),
    "package/tests/images/slider1.jpg": ("package/tests/images/photo.jpg", "portrait-crop"),
    "package/tests/images/slider2.jpg": ("package/tests/images/dark.jpg", "portrait-crop"),
    "package/tests/images/slider3.jpg": ("package/tests/images/light.jpg", "portrait-crop"),
    "package/tests/images/slider4.jpg": ("package/tests/images/photo2.jpg", "portrait-crop"),
    "package/tests/images/slider5.jpg": ("package/tests/images/photo3.jpg", "portrait-crop"),
    "package/tests/images/image-type.avif": ("package/tests/images/image-type.jpeg", "avif"),
    "package/tests/images/image-type.webp": ("package/tests/images/image-type.jpeg", "webp"),
}


@dataclass(frozen=True)
class Seen:
    """A picture file, and what the rules need to know of it."""

    id: str
    source: str
    file: str
    sha256: str
    pixels: str  # SHA-256 of the decoded pixels
    width: int
    height: int
    dhash: NDArray[np.uint8]
    plain_border: float


def look(archive: Archive, file: str) -> Seen:
    """Open a picture of an archive."""
    data = read_member(archive, file)
    with opened(data) as stored:
        picture = to_plain(stored).convert("RGB")
    return Seen(
        id=f"{archive.prefix}/{_short(file)}",
        source=archive.name,
        file=file,
        sha256=hashlib.sha256(data).hexdigest(),
        pixels=hashlib.sha256(picture.tobytes()).hexdigest(),
        width=picture.width,
        height=picture.height,
        dhash=dhash(picture),
        plain_border=plain_border(picture),
    )


def _short(file: str) -> str:
    """The part of a path that tells a picture from others of its archive, without a suffix."""
    inner = file.removesuffix("/_jcr_content/renditions/original")
    for start in ("jcr_root/content/dam/wknd/en/", "package/assets/img/", "package/assets/"):
        inner = inner.removeprefix(start)
    for start in ("package/tests/images/", "package/demo/img/", "./usr/share/games/thumbnails/"):
        inner = inner.removeprefix(start)
    inner = inner.removeprefix("./usr/share/gimp/2.0/help/en/images/")
    return inner if "renditions" in inner else inner.rpartition(".")[0]


def dhash(picture: Image.Image) -> NDArray[np.uint8]:
    """Difference hash of 16 rows of 17 grey levels: ``uint8[32]``, packed bits."""
    levels = np.asarray(picture.convert("L").resize((17, 16), Image.Resampling.BOX), dtype=np.int16)
    return np.packbits(levels[:, 1:] > levels[:, :-1])


def plain_border(picture: Image.Image) -> float:
    """Share of the border, two pixels wide at 64×64, that is of one colour."""
    small = np.asarray(picture.resize((64, 64), Image.Resampling.BOX), dtype=np.int16)
    border = np.concatenate(
        [part.reshape(-1, 3) for part in (small[:2], small[-2:], small[:, :2], small[:, -2:])]
    )
    return float((abs(border - np.median(border, axis=0)) <= PLAIN).all(axis=1).mean())


def scenes(pictures: list[Seen]) -> list[str]:
    """The scene of each picture: the first id of those that are linked to it by `SAME_SCENE`."""
    hashes = np.stack([one.dhash for one in pictures])
    near = [np.bitwise_count(hashes ^ one).sum(axis=1) <= SAME_SCENE for one in hashes]
    labels = connected_components(coo_array(np.stack(near)), directed=False)[1].tolist()
    first: dict[int, str] = {}
    for label, one in zip(labels, pictures, strict=True):
        first.setdefault(label, one.id)
    return [first[label] for label in labels]


def stratum(one: Seen, archive: Archive) -> str:
    """The stratum of a picture; a source of objects also has some that fill the picture."""
    if one.id in MOVED or archive.stratum != "objects":
        return MOVED.get(one.id, archive.stratum)
    return "objects" if one.plain_border >= ON_PLAIN_GROUND else "photographs"


def pair_of(file: str) -> tuple[str, str] | None:
    """File of the picture that a publisher made another of, and what the pair is called."""
    if file in LOOKED_AT:
        return LOOKED_AT[file]
    for pattern, replacement, name in RENDITIONS:
        if fnmatchcase(file, pattern):
            folder, _, last = file.rpartition("/")
            if replacement == "original":
                return f"{folder}/original", name
            stem = last.removeprefix("thumb-").removesuffix(".jpg").partition("-")[0]
            return f"{folder}/{stem}{replacement}", name
    return None


def distinct(pictures: Iterable[Seen]) -> Iterator[Seen]:
    """Without exact duplicates: of pictures with equal pixels the first, in order, is kept."""
    known = set()
    for one in pictures:
        if one.pixels not in known:
            known.add(one.pixels)
            yield one


def _left_out() -> dict[str, list[str]]:
    patterns = defaultdict(list)
    for row in _rows("pictures_left_out.csv"):
        patterns[row["source"]].append(row["file"])
    return patterns


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((FOLDER / name).read_text(encoding="utf-8").splitlines()))


def _write(name: str, rows: list[dict[str, object]]) -> None:
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    click.echo(f"{name}: {len(rows):,} rows")


@click.group()
def main() -> None:
    """Choose the pictures of the collections, and look at them."""


@main.command()
def choose() -> None:
    """Write pictures.csv and renditions.csv."""
    left_out = _left_out()
    photos = PhotosCollection(())
    in_photos = {photo.source.partition("==")[0] for photo in photos.photographs}
    taken = [one for one in sources().values() if one.name not in in_photos]
    files = [
        (archive, file)
        for archive in taken
        for file in sorted(members(archive))
        if not any(fnmatchcase(file, pattern) for pattern in left_out[archive.name])
    ]
    seen = [look(*one) for one in track(files, "Looking")]
    whole = [one for one in seen if pair_of(one.file) is None and one.source not in MORE.values()]
    chosen = [one for one in distinct(whole) if max(one.width, one.height) >= MIN_LONGER_SIDE]
    # Scenes of ``photos`` are frozen; a picture that looks like one of them joins it.
    frozen = [
        Seen(photo.group, "", "", "", "", 0, 0, dhash(photos.open(photo.id).convert("RGB")), 0.0)
        for photo in photos.photographs
    ]
    scene = dict(
        zip((one.id for one in chosen), scenes([*frozen, *chosen])[len(frozen) :], strict=True)
    )
    _write(
        "pictures.csv",
        [
            {
                "id": one.id,
                "scene": scene[one.id],
                "stratum": stratum(one, sources()[one.source]),
                "source": one.source,
                "file": one.file,
                "sha256": one.sha256,
                "width": one.width,
                "height": one.height,
            }
            for one in chosen
        ],
    )
    by_file = {(one.source, one.file): one for one in chosen}
    by_hash = {one.sha256: one for one in chosen}
    for one in seen:
        if one.source in MORE.values() and one.sha256 in by_hash:
            by_file[one.source, one.file] = by_hash[one.sha256]
    alike = defaultdict(list)
    for one in chosen:
        alike[scene[one.id]].append(one)
    rows: list[dict[str, object]] = []
    for one in seen:
        pair = pair_of(one.file)
        of = by_file.get((one.source, pair[0])) if pair is not None else None
        if pair is None or of is None or one.pixels == of.pixels:
            continue
        # What its publisher has under two names is right under both.
        copies = [other for other in alike[scene[of.id]] if _same_name(other, of)]
        again = "" if one.source == of.source else f"{sources()[one.source].prefix}-"
        rows += [
            {
                "id": f"{of.id}#{again}{pair[1]}",
                "match": other.id,
                "how": pair[1],
                "source": one.source,
                "file": one.file,
                "sha256": one.sha256,
                "width": one.width,
                "height": one.height,
            }
            for other in copies
        ]
    _write("renditions.csv", rows)


def _same_name(one: Seen, other: Seen) -> bool:
    return Path(one.id).name == Path(other.id).name


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
def sheets(folder: Path) -> None:
    """Draw contact sheets of each stratum, 400 pictures each, and of the pairs."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = _rows("pictures.csv")
    for name in sorted({row["stratum"] for row in rows}):
        of_stratum = [row for row in rows if row["stratum"] == name]
        for start in range(0, len(of_stratum), 400):
            _sheet(of_stratum[start : start + 400], folder / f"{name}-{start:04}.png", 20)
    pictures = {row["id"]: row for row in rows}
    pairs = [one for row in _rows("renditions.csv") for one in (row, pictures[row["match"]])]
    for start in range(0, len(pairs), 400):
        _sheet(pairs[start : start + 400], folder / f"pairs-{start:04}.png", 20)


def _sheet(rows: list[dict[str, str]], path: Path, columns: int, side: int = 90) -> None:
    height = -(-len(rows) // columns) * (side + 10)
    sheet = Image.new("RGB", (columns * side, height), "grey")
    draw = ImageDraw.Draw(sheet)
    for place, row in enumerate(rows):
        left, upper = place % columns * side, place // columns * (side + 10)
        with opened(read_member(sources()[row["source"]], row["file"])) as stored:
            picture = to_plain(stored).convert("RGB")
        picture.thumbnail((side - 2, side - 2))
        sheet.paste(picture, (left, upper + 10))
        draw.text((left, upper), row["id"].rpartition("/")[2][:14], fill="yellow")
    sheet.save(path)


if __name__ == "__main__":
    main()
