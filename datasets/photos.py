"""The collection ``photos``: photographs that come inside Python packages.

Package registries can be reached nearly everywhere, photo hubs cannot. Which files are used is
written in ``photos.csv``, chosen by eye; ``photos_left_out.csv`` says what was not and why:
drawings, charts, near duplicates, people who could be recognised. Packages do not prove rights to
the photographs in them, so the pictures are fetched at run time and never stored here.
"""

import hashlib
from collections.abc import Sequence
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from datasets.archives import archive_file, fetch_archive, read_member, sources, table
from datasets.collection import Collection, Photograph
from datasets.errors import DatasetError
from datasets.originals import cut_originals

#: Packages that are dependencies anyway, and where their pictures lie.
INSTALLED = {"scikit-image": ("skimage", "data"), "scikit-learn": ("sklearn", "datasets/images")}


class PhotosCollection(Collection):
    """The default collection, with tiles of sides in pixels."""

    def __init__(self, tiles: Sequence[int]) -> None:
        photographs = [_photograph(row) for row in table("photos.csv")]
        super().__init__("photos", photographs, ())
        self.originals = cut_originals(self, tiles)

    def stratum(self, photo_id: str) -> str:
        """The stratum of all of them."""
        return "photographs"

    def read_bytes(self, photo_id: str) -> bytes:
        """The file of a photograph.

        `DatasetError` if its bytes are not those that the collection was chosen with.
        """
        photo = self.photograph(photo_id)
        package = photo.source.split("==")[0]
        if package in INSTALLED:
            data = _installed(package).joinpath(photo.file).read_bytes()
        else:
            data = read_member(sources()[package], photo.file)
        if hashlib.sha256(data).hexdigest() != photo.sha256:
            raise DatasetError(
                f"{photo.file} of {photo.source} is not the collection's file; install the "
                "versions of requirements.lock (make setup)"
            )
        return data


def fetch_photos() -> None:
    """Fetch every package of the collection, so that later steps find them in the cache."""
    for package in fetched_packages():
        fetch_archive(sources()[package])


def is_fetched() -> bool:
    """Whether every package of the collection is in the cache, so that nothing is fetched."""
    return all(archive_file(sources()[package]).is_file() for package in fetched_packages())


def fetched_packages() -> set[str]:
    """Packages that are fetched for their pictures alone."""
    return {row["package"] for row in table("photos.csv")} - set(INSTALLED)


def _photograph(row: dict[str, str]) -> Photograph:
    package = row["package"]
    installed = package in INSTALLED
    label = f"{package}=={version(package)}" if installed else sources()[package].label
    width, height = int(row["width"]), int(row["height"])
    return Photograph(row["id"], row["group"], label, row["file"], row["sha256"], width, height)


def _installed(package: str) -> Path:
    module, folder = INSTALLED[package]
    return Path(str(files(module))) / folder
