"""The collections ``pictures`` and ``screenshots``: whole pictures of several strata.

Which files are used, of which scene and in which stratum, is written in ``pictures.csv``, and the
near-duplicates that their publishers made of them in ``renditions.csv``; both are made by
``python -m tools.pictures`` and looked at. Pictures are fetched at run time and never stored here.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from rich.console import Console

from datasets.archives import archive_file, fetch_archive, read_member, sources, table
from datasets.collection import Collection, Pair, Photograph, PictureFiles
from datasets.errors import DatasetError, DownloadError
from datasets.originals import cut_originals
from datasets.photos import PhotosCollection, fetched_packages

#: Strata of ``pictures``, in the order in which its photographs come.
STRATA = ("photographs", "objects", "clipart")

#: Strata of each collection, by its name.
COLLECTIONS: dict[str, tuple[str, ...]] = {
    "pictures": STRATA,
    **{f"pictures:{stratum}": (stratum,) for stratum in STRATA},
    "screenshots": ("screenshots",),
}

#: Archives of which a collection has the renditions alone, since their pictures are in others.
MORE = {"pictures+wknd-3.1": "com.adobe.aem.guides:aem-guides-wknd-shared.ui.content"}
COLLECTIONS |= dict.fromkeys(MORE, STRATA)

#: Tiles of one scene.
MOST_TILES = 40


class PicturesCollection(Collection):
    """One of `COLLECTIONS`, with tiles of sides in pixels, plain ones included.

    Photographs are those of the collection ``photos`` and more. Archives that cannot be had are an
    error, or with `allow_missing` left out and named in `missing`.
    """

    def __init__(self, name: str, tiles: Sequence[int], *, allow_missing: bool = False) -> None:
        used = _used(name)
        missing = _fetch(used, allow_missing)
        rows = [row for row in _wanted(name) if row["source"] not in missing]
        photographs = [_photograph(row, row["scene"]) for row in rows]
        self._strata = {row["id"]: row["stratum"] for row in rows}
        if "photographs" in COLLECTIONS[name]:
            lost = {sources()[one].label for one in missing}
            kept = [one for one in _photos().photographs if one.source not in lost]
            photographs = [*kept, *photographs]
            self._strata |= {photo.id: "photographs" for photo in kept}
        if not photographs:
            raise DatasetError(f"no picture of {name} can be had: {', '.join(missing)} are missing")
        groups = {photo.id: photo.group for photo in photographs}
        pairs: dict[str, Pair] = {}
        for row in table("renditions.csv"):
            if row["match"] in groups and row["source"] in used - missing:
                known = pairs.get(row["id"])
                if known is None:
                    photographs.append(_photograph(row, groups[row["match"]]))
                    self._strata[row["id"]] = self._strata[row["match"]]
                matches = (*(known.matches if known else ()), row["match"])
                pairs[row["id"]] = Pair(row["id"], matches, row["how"])
        super().__init__(name, photographs, (), (), tuple(pairs.values()))
        self.missing = tuple(sorted(missing))
        self.originals = cut_originals(self, tiles, plain=True, most=MOST_TILES)

    def stratum(self, photo_id: str) -> str:
        """The stratum of a photograph."""
        return self._strata[photo_id]

    def read_bytes(self, photo_id: str) -> bytes:
        """The file of a photograph.

        `DatasetError` if its bytes are not those that the collection was chosen with.
        """
        return ListedFiles().read_bytes(photo_id)

    def pictures(self) -> PictureFiles:
        """What another process needs: it reads the tables itself, once, not with every picture."""
        return ListedFiles()


class ListedFiles(PictureFiles):
    """The files of ``photos.csv``, ``pictures.csv`` and ``renditions.csv`` by their ids."""

    def read_bytes(self, photo_id: str) -> bytes:
        """The file of a picture; `DatasetError` if its bytes are not those that the table names."""
        row = _by_id().get(photo_id)
        if row is None:
            return _photos().read_bytes(photo_id)
        archive = sources()[row["source"]]
        data = read_member(archive, row["file"])
        if hashlib.sha256(data).hexdigest() != row["sha256"]:
            raise DatasetError(
                f"{row['file']} of {archive.label} is not the collection's file; delete "
                f"{archive_file(archive)}* and run again"
            )
        return data


@lru_cache
def _by_id() -> dict[str, dict[str, str]]:
    return {row["id"]: row for name in ("pictures.csv", "renditions.csv") for row in table(name)}


@lru_cache
def _photos() -> PhotosCollection:
    return PhotosCollection(())


def is_fetched(name: str) -> bool:
    """Whether every archive of a collection is in the cache, so that nothing is fetched."""
    return all(archive_file(sources()[source]).is_file() for source in _used(name))


def _wanted(name: str) -> list[dict[str, str]]:
    """Rows of ``pictures.csv`` that are of a collection."""
    return [row for row in table("pictures.csv") if row["stratum"] in COLLECTIONS[name]]


def _used(name: str) -> set[str]:
    """Names of the archives of a collection."""
    photos = fetched_packages() if "photographs" in COLLECTIONS[name] else set()
    more = {MORE[name]} if name in MORE else set()
    return photos | more | {row["source"] for row in _wanted(name)}


def _fetch(names: set[str], allow_missing: bool) -> set[str]:
    """Fetch archives; names of those that cannot be had."""
    missing = set()
    for name in sorted(names):
        try:
            fetch_archive(sources()[name])
        except DownloadError as error:
            if not allow_missing:
                raise DownloadError(
                    f"{error}\nTo run without the pictures of {name}, say missing_sources: allow"
                ) from error
            missing.add(name)
            said = f"{sources()[name].label} cannot be had, so its pictures are left out: {error}"
            Console(stderr=True).print(said, highlight=False, markup=False, soft_wrap=True)
    return missing


def _photograph(row: dict[str, str], group: str) -> Photograph:
    return Photograph(
        row["id"],
        group,
        sources()[row["source"]].label,
        row["file"],
        row["sha256"],
        int(row["width"]),
        int(row["height"]),
    )
