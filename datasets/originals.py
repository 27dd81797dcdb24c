"""The originals of a collection: its photographs, and tiles, textured squares of them."""

import contextlib
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from rich.console import Console
from rich.progress import track

from datasets.cache import cache_dir, remove_abandoned, write_entry
from datasets.collection import Box, Collection, Original, Photograph
from datasets.errors import DatasetError
from datasets.parallel import in_parallel


def cut_originals(collection: Collection, tiles: Sequence[int]) -> tuple[Original, ...]:
    """List the originals of a collection: all photographs, then tiles photograph by photograph.

    Which tiles, of such sides in pixels, are textured is worked out once a photograph and
    remembered in the cache, by the hash of the photograph's bytes. `DatasetError` if a side is too
    small or given twice.
    """
    if len(set(tiles)) != len(tiles) or any(side < MIN_SIDE for side in tiles):
        raise DatasetError(
            f"tiles must be distinct sides of at least {MIN_SIDE} pixels, not {list(tiles)}"
        )
    photographs = collection.photographs
    originals = [Original(photo.id, photo.id, photo.group) for photo in photographs]
    if not tiles:
        return tuple(originals)
    boxes = {photo.id: _remembered(photo, tiles) for photo in photographs}
    missing = [photo for photo in photographs if boxes[photo.id] is None]
    # Workers are told the folder: one that was started earlier may know another environment.
    remembered = cache_dir() / "tiles"
    if missing:
        remove_abandoned(remembered)
    jobs = ((collection, photo, tiles, remembered) for photo in missing)
    cutting = track(
        in_parallel(_cut, jobs),
        "Finding textured tiles",
        len(missing),
        disable=not missing,
        console=Console(stderr=True),
    )
    for photo, cut in zip(missing, cutting, strict=True):
        boxes[photo.id] = cut
    for photo in photographs:
        originals += [
            Original(f"{photo.id}@{','.join(map(str, box))}", photo.id, photo.group, box)
            for box in boxes[photo.id] or ()
        ]
    return tuple(originals)


def _cache_file(photo: Photograph, tiles: Sequence[int]) -> str:
    # The rule is part of the name: another threshold must not find the old answer.
    rule = json.dumps([photo.sha256, list(tiles), BLOCKS, MIN_DEVIATION, MIN_BLOCKS])
    return hashlib.sha256(rule.encode()).hexdigest()[:24] + ".json"


def _seal(name: str, boxes: bytes) -> bytes:
    return hashlib.sha256(name.encode() + boxes).hexdigest().encode()


def _remembered(photo: Photograph, tiles: Sequence[int]) -> list[Box] | None:
    """What was worked out before; None where nothing was, or the file is not what was written."""
    name = _cache_file(photo, tiles)
    try:
        seal, _, boxes = (cache_dir() / "tiles" / name).read_bytes().partition(b"\n")
    except OSError:
        return None
    if seal != _seal(name, boxes):
        return None
    return [(box[0], box[1], box[2], box[3]) for box in json.loads(boxes)]


def _cut(
    collection: Collection, photo: Photograph, tiles: Sequence[int], remembered: Path
) -> list[Box]:
    cut = textured_tiles(collection.open(photo.id), tiles)
    name, boxes = _cache_file(photo, tiles), json.dumps(cut).encode()
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
    levels = np.asarray(picture.convert("L"), dtype=np.float32)
    boxes = []
    for side in sides:
        rows, columns, block = levels.shape[0] // side, levels.shape[1] // side, side // BLOCKS
        if not rows or not columns:
            continue
        squares = levels[: rows * side, : columns * side].reshape(rows, side, columns, side)
        blocks = squares[:, : block * BLOCKS, :, : block * BLOCKS]
        blocks = blocks.reshape(rows, BLOCKS, block, columns, BLOCKS, block)
        deviation = blocks.std(axis=(2, 5), dtype=np.float64)
        textured = (deviation >= MIN_DEVIATION).sum(axis=(1, 3))
        for row, column in np.argwhere(textured >= MIN_BLOCKS).tolist():
            left, upper = column * side, row * side
            boxes.append((left, upper, left + side, upper + side))
    return boxes
