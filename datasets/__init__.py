"""Collections of pictures with ground truth, and the transforms that make edited copies of them."""

from collections.abc import Sequence
from pathlib import Path

from datasets.collection import Collection, Original, Photograph, Unreadable
from datasets.errors import DatasetError
from datasets.folder import FolderCollection
from datasets.photos import PhotosCollection, fetch_photos
from datasets.tiles import DEFAULT_SIDES

__all__ = [
    "Collection",
    "DatasetError",
    "Original",
    "Photograph",
    "Unreadable",
    "open_collection",
]


def open_collection(spec: str, tiles: Sequence[int] | None = None) -> Collection:
    """Open a collection by its specification.

    Parameters
    ----------
    spec : str
        ``photos``, the default collection, fetched when it is not in the cache; or ``folder:PATH``,
        every picture below a folder.
    tiles : sequence of int, optional
        Sides in pixels of the tiles that count as further originals; left out, those of
        `datasets.tiles` for ``photos`` and none for a folder.

    Returns
    -------
    Collection

    Raises
    ------
    DatasetError
        If there is no such collection, or nothing in it.
    """
    if spec == "photos":
        fetch_photos()
        return PhotosCollection(DEFAULT_SIDES if tiles is None else tiles)
    kind, _, path = spec.partition(":")
    if kind == "folder" and path:
        return FolderCollection(Path(path), tiles or ())
    raise DatasetError(f"a collection is 'photos' or 'folder:PATH', not {spec!r}")
