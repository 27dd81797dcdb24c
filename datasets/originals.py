"""The originals of a collection: its photographs, and tiles, squares of them."""

import contextlib
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console
from rich.progress import track

from datasets.cache import cache_dir, remove_abandoned, write_entry
from datasets.collection import Box, Collection, Original, Photograph, PictureFiles
from datasets.errors import DatasetError
from datasets.parallel import in_parallel

#: The numbers that decide which tiles are kept.
Rule = tuple[float, ...]


def cut_originals(
    collection: Collection,
    tiles: Sequence[int],
    *,
    plain: bool = False,
    most: int | None = None,
) -> tuple[Original, ...]:
    """List the originals of a collection: all photographs, then tiles photograph by photograph.

    Which tiles, of such sides in pixels, are textured, or with `plain` not blank, is worked out
    once a photograph and remembered in the cache, by the hash of the photograph's bytes. At most
    `most` tiles are of one group, drawn by the hash of their ids. Queries of pairs are not cut.
    `DatasetError` if a side is too small or given twice.
    """
    if len(set(tiles)) != len(tiles) or any(side < MIN_SIDE for side in tiles):
        raise DatasetError(
            f"tiles must be distinct sides of at least {MIN_SIDE} pixels, not {list(tiles)}"
        )
    photographs = collection.photographs
    originals = [Original(photo.id, photo.id, photo.group) for photo in photographs]
    if not tiles:
        return tuple(originals)
    searched = {pair.query for pair in collection.pairs}
    photographs = tuple(photo for photo in photographs if photo.id not in searched)
    rule = (BLANK,) if plain else (BLOCKS, MIN_DEVIATION, MIN_BLOCKS)
    boxes = {photo.id: _remembered(photo, tiles, rule) for photo in photographs}
    missing = [photo for photo in photographs if boxes[photo.id] is None]
    # Workers are told the folder: one that was started earlier may know another environment.
    remembered = cache_dir() / "tiles"
    if missing:
        remove_abandoned(remembered)
    pictures = collection.pictures()
    jobs = ((pictures, photo, tiles, rule, remembered) for photo in missing)
    cutting = track(
        in_parallel(_cut, jobs),
        "Cutting tiles",
        len(missing),
        disable=not missing,
        console=Console(stderr=True),
    )
    for photo, cut in zip(missing, cutting, strict=True):
        boxes[photo.id] = cut
    squares = [
        Original(f"{photo.id}@{','.join(map(str, box))}", photo.id, photo.group, box)
        for photo in photographs
        for box in boxes[photo.id] or ()
    ]
    return (*originals, *(squares if most is None else _drawn(squares, most)))


def _drawn(tiles: list[Original], most: int) -> list[Original]:
    """At most so many tiles of each group, in their order; the same whatever else there is."""
    by_group: dict[str, list[str]] = {}
    for tile in tiles:
        by_group.setdefault(tile.group, []).append(tile.id)
    drawn = {
        name
        for ids in by_group.values()
        for name in sorted(ids, key=lambda one: hashlib.sha256(one.encode()).digest())[:most]
    }
    return [tile for tile in tiles if tile.id in drawn]


def _cache_file(photo: Photograph, tiles: Sequence[int], rule: Rule) -> str:
    # The rule is part of the name: another threshold must not find the old answer.
    form = json.dumps([photo.sha256, list(tiles), *rule])
    return hashlib.sha256(form.encode()).hexdigest()[:24] + ".json"


def _seal(name: str, boxes: bytes) -> bytes:
    return hashlib.sha256(name.encode() + boxes).hexdigest().encode()


def _remembered(photo: Photograph, tiles: Sequence[int], rule: Rule) -> list[Box] | None:
    """What was worked out before; None where nothing was, or the file is not what was written."""
    name = _cache_file(photo, tiles, rule)
    try:
        seal, _, boxes = (cache_dir() / "tiles" / name).read_bytes().partition(b"\n")
    except OSError:
        return None
    if seal != _seal(name, boxes):
        return None
    return [(box[0], box[1], box[2], box[3]) for box in json.loads(boxes)]


def _cut(
    pictures: PictureFiles, photo: Photograph, tiles: Sequence[int], rule: Rule, remembered: Path
) -> list[Box]:
    picture = pictures.open(photo.id)
    cut = plain_tiles(picture, tiles) if rule == (BLANK,) else textured_tiles(picture, tiles)
    name, boxes = _cache_file(photo, tiles, rule), json.dumps(cut).encode()
    with contextlib.suppress(OSError):  # a cache that cannot be written costs time, never a result
        write_entry(remembered / name, _seal(name, boxes) + b"\n" + boxes)
    return cut


#: Sides in pixels of the default tiles.
DEFAULT_SIDES = (256, 192, 160, 128, 112, 96)

#: A tile is cut into 4×4 blocks; a block is textured if the standard deviation of its grey levels
#: (of 0..255) is at least this, and the tile if at least so many of its 16 blocks are. Squares of
#: plain wall, sky, black background or one straight edge are left out: nobody searches for them,
#: and having hardly any grey-level differences their words are those of every other plain square.
BLOCKS = 4
MIN_DEVIATION = 6.0
MIN_BLOCKS = 14

#: A tile whose grey levels (of 0..255) all lie within so many of each other is blank. Two blank
#: tiles of a colour are one picture to anybody who looks.
BLANK = 8

#: Smaller squares have blocks of too few pixels to tell texture.
MIN_SIDE = 16


def textured_tiles(picture: Image.Image, sides: Sequence[int] = DEFAULT_SIDES) -> list[Box]:
    """Cut an ``L`` or ``RGB`` picture into squares and keep those that are textured all over.

    The squares of one side do not overlap; those of different sides do. What is left over at the
    right and lower edge is not used. They come by side in the order given, each row by row.

    >>> noise = np.random.default_rng(0).integers(0, 256, (100, 230), dtype=np.uint8)
    >>> noise[:, :100] = 128
    >>> textured_tiles(Image.fromarray(noise), sides=[100])
    [(100, 0, 200, 100)]
    """
    return _squares(np.asarray(picture.convert("L"), dtype=np.float32), sides, _are_textured)


def _are_textured(squares: NDArray[Any]) -> NDArray[np.bool_]:
    rows, side, columns, _ = squares.shape
    block = side // BLOCKS
    blocks = squares[:, : block * BLOCKS, :, : block * BLOCKS]
    blocks = blocks.reshape(rows, BLOCKS, block, columns, BLOCKS, block)
    deviation = blocks.std(axis=(2, 5), dtype=np.float64)
    textured: NDArray[np.bool_] = (deviation >= MIN_DEVIATION).sum(axis=(1, 3)) >= MIN_BLOCKS
    return textured


def _squares(
    levels: NDArray[Any], sides: Sequence[int], kept: Callable[[NDArray[Any]], NDArray[np.bool_]]
) -> list[Box]:
    """Squares of levels ``(height, width)`` that are kept.

    Those of one side come as ``(rows, side, columns, side)``; which are kept is told for
    ``(rows, columns)``.
    """
    boxes: list[Box] = []
    for side in sides:
        rows, columns = levels.shape[0] // side, levels.shape[1] // side
        if not rows or not columns:
            continue
        squares = levels[: rows * side, : columns * side].reshape(rows, side, columns, side)
        for row, column in np.argwhere(kept(squares)).tolist():
            left, upper = column * side, row * side
            boxes.append((left, upper, left + side, upper + side))
    return boxes


def is_blank(picture: Image.Image) -> bool:
    """Whether a picture of mode ``L`` or ``RGB`` is `BLANK`.

    >>> is_blank(Image.new("RGB", (9, 9), "white"))
    True
    """
    extremes = np.asarray(picture.convert("L").getextrema(), dtype=int)
    return bool(extremes[1] - extremes[0] < BLANK)


def plain_tiles(picture: Image.Image, sides: Sequence[int] = DEFAULT_SIDES) -> list[Box]:
    """Cut a picture into squares as `textured_tiles` does, and keep all that are not `BLANK`.

    A side may be half of the picture's longer side at most: a square that is nearly the whole
    picture is no detail of it.

    >>> ramp = np.tile(np.arange(80, dtype=np.uint8), (40, 1))
    >>> ramp[:, 40:] = 128
    >>> plain_tiles(Image.fromarray(ramp), sides=[40])
    [(0, 0, 40, 40)]
    """
    details = [side for side in sides if 2 * side <= max(picture.size)]
    return _squares(np.asarray(picture.convert("L")), details, _are_not_blank)


def _are_not_blank(squares: NDArray[Any]) -> NDArray[np.bool_]:
    spread = squares.max(axis=(1, 3)).astype(int) - squares.min(axis=(1, 3))
    kept: NDArray[np.bool_] = spread >= BLANK
    return kept
