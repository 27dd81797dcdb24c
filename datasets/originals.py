"""The originals of a collection: its photographs, and tiles of them."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from rich.progress import track

from datasets.cache import cache_dir
from datasets.collection import Box, Collection, Original, Photograph
from datasets.errors import DatasetError
from datasets.parallel import in_parallel
from datasets.tiles import BLOCKS, MIN_BLOCKS, MIN_DEVIATION, MIN_SIDE, textured_tiles


def cut_originals(collection: Collection, tiles: Sequence[int]) -> tuple[Original, ...]:
    """List the originals of a collection.

    Which tiles are textured is worked out once a photograph and remembered in the cache, by the
    hash of the photograph's bytes.

    Parameters
    ----------
    collection : Collection
        Its photographs are taken, and decoded where their tiles are not known yet.
    tiles : sequence of int
        Sides of the tiles in pixels; none gives the photographs alone.

    Returns
    -------
    tuple of Original
        All photographs, then the tiles photograph by photograph.

    Raises
    ------
    DatasetError
        If a side is too small or given twice.
    """
    if len(set(tiles)) != len(tiles) or any(side < MIN_SIDE for side in tiles):
        raise DatasetError(
            f"tiles are different sides of at least {MIN_SIDE} pixels, not {list(tiles)}"
        )
    photographs = collection.photographs
    originals = [Original(photo.id, photo.id, photo.group) for photo in photographs]
    if not tiles:
        return tuple(originals)
    boxes = {photo.id: _remembered(photo, tiles) for photo in photographs}
    missing = [photo for photo in photographs if boxes[photo.id] is None]
    jobs = ((collection, photo, tiles) for photo in missing)
    cutting = track(
        in_parallel(_cut, jobs), "Finding textured tiles", len(missing), disable=not missing
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


def _remembered(photo: Photograph, tiles: Sequence[int]) -> list[Box] | None:
    path = cache_dir() / "tiles" / _cache_file(photo, tiles)
    if not path.is_file():
        return None
    left_upper_right_lower = json.loads(path.read_text(encoding="utf-8"))
    return [(box[0], box[1], box[2], box[3]) for box in left_upper_right_lower]


def _cut(collection: Collection, photo: Photograph, tiles: Sequence[int]) -> list[Box]:
    boxes = textured_tiles(collection.open(photo.id), tiles)
    folder = cache_dir() / "tiles"
    folder.mkdir(exist_ok=True)
    # A name of its own for each writer: two workers, or two runs, may cut equal files at once.
    with NamedTemporaryFile("w", encoding="utf-8", dir=folder, delete=False) as aside:
        json.dump(boxes, aside)
    Path(aside.name).replace(folder / _cache_file(photo, tiles))
    return boxes
