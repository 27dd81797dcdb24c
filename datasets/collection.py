"""What a collection is: photographs, and the originals that are cut from them."""

import hashlib
import io
import json
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from PIL import Image, UnidentifiedImageError

from datasets.errors import PictureError

if TYPE_CHECKING:
    from datasets.transforms import Transform

#: Pillow's names of the formats that are read: those that signatures are taken of. It opens more
#: than is wise for files of unknown origin; PostScript (EPS) would be given to Ghostscript.
FORMATS = (
    *("AVIF", "BMP", "CUR", "DDS", "DIB", "GIF", "ICNS", "ICO", "JPEG", "JPEG2000", "PCX", "PNG"),
    *("PPM", "PSD", "QOI", "SGI", "SUN", "TGA", "TIFF", "WEBP", "XBM", "XPM"),
)

#: Left, upper, right and lower edge in pixels of the photograph; right and lower are excluded.
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Photograph:
    """A picture file.

    Photographs that may rightly look alike, of one scene or series, share a group. The source is a
    package and its version, or a folder, and the file a path within it. The hash is of the file's
    bytes, width and height are in pixels; they are empty and 0 in collections that open no file
    before it is signed.
    """

    id: str
    group: str
    source: str
    file: str
    sha256: str
    width: int
    height: int


@dataclass(frozen=True)
class Edit:
    """What makes an edited copy of an original, the same each time."""

    transform: "Transform"
    seed: int


@dataclass(frozen=True)
class Original:
    """A picture that edited copies are made of: a photograph, or a tile of one.

    Photo and group are those that it is of; without a box it is the whole photograph. With an edit
    it is a copy that is planted among the documents, and has the id of what it is a copy of.
    """

    id: str
    photo: str
    group: str
    box: Box | None = None
    edit: Edit | None = None


@dataclass(frozen=True)
class Pair:
    """A near-duplicate that somebody else made: a picture to search for, and what it is of.

    Ids of photographs. The first are searched for and never in the database.
    """

    query: str
    matches: tuple[str, ...]
    how: str


@dataclass(frozen=True)
class Unreadable:
    """A file that is no picture: its path and why it was left out."""

    file: str
    reason: str


class PictureFiles(ABC):
    """Picture files by their ids; opens them lazily, and can be sent to another process."""

    @abstractmethod
    def read_bytes(self, photo_id: str) -> bytes:
        """The file of a photograph, as it is stored."""

    def open(self, photo_id: str) -> Image.Image:
        """Decode a photograph for cutting and editing.

        Mode ``L`` if the file holds grey levels, else ``RGB`` (transparency blended over white);
        first frame; EXIF orientation not applied. `OSError` if the file cannot be read,
        `PictureError` if it is no picture, or is damaged.
        """
        with opened(self.read_bytes(photo_id)) as picture:
            return to_plain(picture)


class Collection(PictureFiles):
    """Photographs with ground truth.

    Its name is the specification it was opened by. Photographs are in a fixed order, and so are
    originals: all photographs first, then tiles. Unreadable are the files that were left out,
    missing the archives. Pairs are near-duplicates that it brings; each photograph that is a pair's
    query is an original, but no document.
    """

    def __init__(
        self,
        name: str,
        photographs: Sequence[Photograph],
        originals: Sequence[Original],
        unreadable: Sequence[Unreadable] = (),
        pairs: Sequence[Pair] = (),
    ) -> None:
        self.name = name
        self.pairs = tuple(pairs)
        self.missing: tuple[str, ...] = ()
        self.photographs = tuple(photographs)
        self.originals = tuple(originals)
        self.unreadable = tuple(unreadable)
        self._by_id = {photo.id: photo for photo in self.photographs}

    def photograph(self, photo_id: str) -> Photograph:
        """The photograph of an id; `KeyError` if there is none."""
        return self._by_id[photo_id]

    def stratum(self, photo_id: str) -> str:
        """What sort of picture a photograph is; empty where results are not told apart."""
        del photo_id
        return ""

    def pictures(self) -> PictureFiles:
        """What another process needs to open the photographs: all but the list of originals."""
        light = copy(self)
        light.originals, light.pairs = (), ()
        return light

    def manifest(self) -> dict[str, Any]:
        """What is in the collection, JSON-ready, with a hash over it.

        The hash is of the content alone: it does not depend on where a folder lies.
        """
        content: dict[str, Any] = {
            "photographs": [asdict(photo) for photo in self.photographs],
            "originals": len(self.originals),
            "unreadable": [asdict(file) for file in self.unreadable],
        }
        if self.pairs:
            content["pairs"] = [asdict(pair) for pair in self.pairs]
        strata = [self.stratum(photo.id) for photo in self.photographs]
        if len(set(strata)) > 1:  # where results are told apart
            content["strata"] = strata
        ids = "\n".join(original.id for original in self.originals)
        text = json.dumps(content, sort_keys=True, ensure_ascii=False) + ids
        digest = hashlib.sha256(text.encode()).hexdigest()
        return {"collection": self.name, **content, "sha256": digest}


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    """Open a picture file in one of `FORMATS`; whatever its decoder raises is a `PictureError`.

    No frame is sought: every format opens at its first, and a PSD, whose frames begin at 1, at the
    whole picture.
    """
    try:
        # A user can do nothing about what Pillow thinks odd in a file that it does decode.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                yield picture
    except MemoryError:
        raise
    except UnidentifiedImageError as error:
        raise PictureError(f"it is in none of {', '.join(FORMATS)}") from error
    except Exception as error:  # Pillow's decoders raise almost anything
        raise PictureError(str(error) or type(error).__name__) from error


def to_plain(picture: Image.Image) -> Image.Image:
    """Bring a picture of any mode, at its current frame, to ``L`` or ``RGB``, eight bits a level.

    It is loaded, and independent of the file.
    """
    if picture.mode in ("L", "1"):
        return picture.convert("L")
    if picture.mode.startswith("I;16") or picture.mode == "I":
        # Levels of big-endian files cannot be mapped before they are in the machine's order.
        return picture.convert("I").point(lambda level: level / 256).convert("L")
    if picture.mode == "F":  # by convention 0 is black and 1 white
        return picture.point(lambda level: level * 255).convert("L")
    if picture.mode in ("LA", "PA", "RGBA", "RGBa"):
        opaque = picture.convert("RGBA")
        white = Image.new("RGBA", opaque.size, "white")
        return Image.alpha_composite(white, opaque).convert("RGB")
    return picture.convert("RGB")
