"""Collections of pictures with ground truth, and the transforms that make edited copies of them."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasets.errors import DatasetError

if TYPE_CHECKING:
    from datasets.collection import Collection, Original, Photograph, Unreadable
    from datasets.folder import FolderCollection

__all__ = [
    "Collection",
    "DatasetError",
    "FolderCollection",
    "Original",
    "Photograph",
    "Unreadable",
    "open_collection",
]

#: Imported when first asked for: they bring numpy, and Tab completion needs the cache folder alone.
_MODULES = {
    "Collection": "collection",
    "FolderCollection": "folder",
    "Original": "collection",
    "Photograph": "collection",
    "Unreadable": "collection",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"datasets.{_MODULES[name]}"), name)


def open_collection(
    spec: str, tiles: Sequence[int] | None = None, *, allow_missing: bool = False
) -> "Collection":
    """Open a collection by its specification.

    Parameters
    ----------
    spec : str
        ``photos``, photographs with textured tiles; ``pictures``, pictures of several strata with
        tiles of any texture, or ``pictures:photographs``, ``pictures:objects`` and
        ``pictures:clipart``, one stratum of it; ``pictures+wknd-3.1``, it with more renditions;
        ``screenshots``, from Debian packages; all fetched when they are not in the cache.
        ``folder:PATH``, every picture below a folder; or ``copydays:PATH``, ``holidays:PATH``,
        ``ukbench:PATH``, ``disc21:PATH`` or ``disc21-dev:PATH``, a benchmark with its own queries,
        see `datasets.published`.
    tiles : sequence of int, optional
        Sides in pixels of the tiles that count as further originals; left out, those of
        `datasets.originals` for what is fetched and none for a folder. A benchmark has none.
    allow_missing : bool, optional
        Leave out the pictures of archives that cannot be had, and name these in ``missing``.

    Raises
    ------
    DatasetError
        If there is no such collection, nothing in it, something missing in a benchmark, or tiles
        are asked of one.
    """
    from datasets.folder import FolderCollection
    from datasets.originals import DEFAULT_SIDES
    from datasets.photos import PhotosCollection, fetch_photos
    from datasets.pictures import COLLECTIONS, PicturesCollection
    from datasets.published import BENCHMARKS

    if spec == "photos":
        fetch_photos()
        return PhotosCollection(DEFAULT_SIDES if tiles is None else tiles)
    if spec in COLLECTIONS:
        sides = DEFAULT_SIDES if tiles is None else tiles
        return PicturesCollection(spec, sides, allow_missing=allow_missing)
    kind, _, path = spec.partition(":")
    if kind == "folder" and path:
        return FolderCollection(Path(path), tiles or ())
    if kind in BENCHMARKS and path:
        if tiles:
            raise DatasetError(f"{kind} is indexed as published, without tiles; leave tiles out")
        return BENCHMARKS[kind](Path(path))
    benchmarks = " or ".join(f"'{name}:PATH'" for name in BENCHMARKS)
    fetched = ", ".join(f"'{name}'" for name in ("photos", *COLLECTIONS))
    meant = f"; for the pictures in that folder, write folder:{spec}" if Path(spec).is_dir() else ""
    raise DatasetError(
        f"a collection is {fetched} or 'folder:PATH' or {benchmarks}, not {spec!r}{meant}"
    )
