"""From a picture in any form to the grey levels that a signature samples.

Whatever way a picture arrives (path, bytes, file object, Pillow image, array), it has the same
levels; how they come from its pixels is a parameter of the signature, see `imgsig.pixels`. By
default:

=================  ==============================================================================
picture            grey levels
=================  ==============================================================================
RGB, palette       0.2125 R + 0.7154 G + 0.0721 B, float64 in 0..1; colours that are declared
                   transparent are as good as any
RGBA, LA           blended over white, then as RGB
grey (L), 16-bit,  as stored, in their own type and scale. The reference does not rescale them, so
32-bit, float      ``identical_tolerance`` is in their units, and unsigned differences wrap around
                   while the crop is determined. A grey file and the same picture stored as RGB can
                   therefore have different signatures; convert to RGB where that matters.
bilevel (1)        as stored: False and True, that is 0 and 1
CMYK, YCbCr, ...   converted to RGB first (the reference takes a CMYK file's four inks for RGBA)
many frames        the first; of a PSD the whole picture; of a Pillow image the one that it is at
EXIF orientation   left alone, as the reference does; only a TIFF is turned, by Pillow
other formats      refused, see `FORMATS`; convert them to PNG first
=================  ==============================================================================

Pillow opens more than is wise for files of unknown origin. Left out are PostScript (EPS), which
Pillow gives to the program Ghostscript; formats that it only recognises and leaves to other
software (BUFR, GRIB, HDF5, MPEG, WMF); and formats of games, instruments and systems of the past,
whose decoders are seldom used and seldom tested.
"""

import contextlib
import io
import os
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from imgsig.config import PixelRule
from imgsig.errors import CorruptImageError, NotAnImageError
from imgsig.levels import ExactLevels, Levels
from imgsig.pixels import (
    UNIFORM,
    is_tiff,
    levels_of_array,
    levels_of_picture,
    levels_of_tiff,
    orientation,
)
from imgsig.reduced import ReducedLevels, ask_for_less

#: Pillow's names of the formats, as ``Image.open(formats=...)`` takes them. JPEG includes MPO.
FORMATS = (
    *("AVIF", "BMP", "CUR", "DDS", "DIB", "GIF", "ICNS", "ICO", "JPEG", "JPEG2000", "PCX", "PNG"),
    *("PPM", "PSD", "QOI", "SGI", "SUN", "TGA", "TIFF", "WEBP", "XBM", "XPM"),
)


def begins_like_a_picture(data: bytes) -> bool:
    """Whether a file that Pillow could not open begins as those of a format do.

    >>> begins_like_a_picture(bytes.fromhex("ffd8ffe0")), begins_like_a_picture(b"a text")
    (True, False)
    """
    Image.init()
    begin = data[:16].ljust(16, b"\0")
    accepts = (Image.OPEN[name][1] for name in FORMATS)  # TGA has nothing that it begins with
    return any(accept(begin) for accept in accepts if accept is not None)


#: What a signature can be taken of.
ImageInput = (
    str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes] | Image.Image | NDArray[Any]
)

#: Pictures of more pixels are refused before they are decoded (a decompression bomb is a small file
#: that unpacks to gigabytes). Pillow's own limit for an error.
MAX_PIXELS = 178_956_970


def read_levels(
    image: ImageInput,
    max_pixels: int = MAX_PIXELS,
    decode: str = "exact",
    rule: PixelRule = UNIFORM,
) -> Levels:
    """Decode a picture.

    A Pillow image is what the file it was read from is, at the frame it is at. Arrays are
    ``(height, width)`` grey levels, ``(height, width, 3)`` RGB or ``(height, width, 4)`` RGBA;
    unsigned integers in their full range, or floats in 0..1. Of pictures with more pixels than
    Pillow's own ``PIL.Image.MAX_IMAGE_PIXELS`` times two, that must be raised too. Levels are 0..1
    for colour, in the stored scale for grey; floats are not checked before they are confirmed.
    `CorruptImageError` if this is no picture, or is damaged, empty or too large; `OSError` if the
    file cannot be read at all; `TypeError` if `image` is none of the accepted kinds.
    """
    if isinstance(image, np.ndarray):
        return levels_of_array(image, rule)
    if isinstance(image, Image.Image):
        return _levels_of_image(image, max_pixels, rule)
    if isinstance(image, str | os.PathLike):
        name, data = repr(os.fspath(image)), Path(image).read_bytes()
    elif isinstance(image, bytes | bytearray | memoryview):
        name, data = f"the input of {len(image):,} bytes", bytes(image)
    elif hasattr(image, "read"):
        name, data = repr(getattr(image, "name", "the file object")), image.read()
        if not isinstance(data, bytes):
            raise TypeError("the file object must be opened in binary mode, open(path, 'rb')")
    else:
        raise TypeError(
            "an image is a path, bytes, a binary file object, a Pillow image or an array, not "
            f"{type(image).__name__}"
        )
    return _levels_of_file(data, name, max_pixels, decode, rule)


def grey_levels(
    image: ImageInput, max_pixels: int = MAX_PIXELS, rule: PixelRule = UNIFORM
) -> NDArray[Any]:
    """Grey levels of every pixel of a picture, as an array.

    ``(height, width)``: float64 in 0..1 for colour, the stored type for grey. Raises what
    `read_levels` raises.
    """
    levels = read_levels(image, max_pixels, rule=rule)
    if not isinstance(levels, ExactLevels):
        raise TypeError(f"{type(levels).__name__} does not hold every pixel")
    confirmed: ExactLevels = levels.confirmed()
    return confirmed.whole()


def _levels_of_file(
    data: bytes, name: str, max_pixels: int, decode: str, rule: PixelRule
) -> Levels:
    with _errors_of(name, data):
        if rule.pixels == "path" and is_tiff(data):
            levels = levels_of_tiff(data, rule, max_pixels)
            if levels is not None:
                return levels
        with _open(data) as picture:
            size = picture.size
            if size[0] * size[1] <= max_pixels:
                reduced = _reduced_levels(data, rule) if decode == "fast" else None
                return reduced or levels_of_picture(picture, rule)
    raise _too_large(name, size, max_pixels)


def _levels_of_image(image: Image.Image, max_pixels: int, rule: PixelRule) -> Levels:
    file = getattr(image, "filename", "")
    name = repr(file) if file else "the Pillow image"
    if image.width * image.height <= max_pixels:
        with _errors_of(name):
            return levels_of_picture(image, rule)
    raise _too_large(name, image.size, max_pixels)


class _Quiet:
    """Warnings are ignored while any thread is within; filters are those of the whole process.

    `warnings.catch_warnings` of two threads that overlap would leave them ignored for good.
    """

    def __init__(self) -> None:
        self._lock, self._within = threading.Lock(), 0
        self._caught = warnings.catch_warnings()

    def __enter__(self) -> None:
        with self._lock:
            if not self._within:
                self._caught = warnings.catch_warnings()
                self._caught.__enter__()
                warnings.simplefilter("ignore")
            self._within += 1

    def __exit__(self, *_about: object) -> None:
        with self._lock:
            self._within -= 1
            if not self._within:
                self._caught.__exit__(None, None, None)


_QUIET = _Quiet()


@contextlib.contextmanager
def _errors_of(name: str, data: bytes | None = None) -> Iterator[None]:
    """Name what cannot be decoded, and why."""
    try:
        # Our own limit is checked before a pixel is decoded; Pillow's warning would repeat it.
        with _QUIET:
            yield
    except MemoryError:
        raise
    except UnidentifiedImageError as error:
        reason = (
            "it is empty" if data == b"" else f"it is in none of the formats {', '.join(FORMATS)}"
        )
        damaged = not data or begins_like_a_picture(data)
        if damaged and data:
            reason = "its beginning is damaged"
        kind = CorruptImageError if damaged else NotAnImageError
        raise kind(f"{name} cannot be decoded as an image: {reason}") from error
    except Image.DecompressionBombError as error:  # also of a picture within a file, as in an icon
        raise CorruptImageError(
            f"{name} has too many pixels: {str(error).partition(',')[0]}; if it is no "
            "decompression bomb, scale it down"
        ) from error
    except Exception as error:  # Pillow's decoders raise almost anything
        raise CorruptImageError(f"{name} cannot be decoded as an image: {error}") from error


def _too_large(name: str, size: tuple[int, int], max_pixels: int) -> CorruptImageError:
    return CorruptImageError(
        f"{name} has {size[0]}×{size[1]} = {size[0] * size[1]:,} pixels, more than the limit of "
        f"{max_pixels:,}; if it is no decompression bomb, raise max_pixels or scale it down"
    )


def _open(data: bytes) -> Image.Image:
    """Open, without decoding, what is in one of the formats that are read.

    Every format opens at its first frame, and a PSD, whose frames begin at 1, at the whole picture.
    """
    return Image.open(io.BytesIO(data), formats=FORMATS)


def _reduced_levels(data: bytes, rule: PixelRule) -> ReducedLevels | None:
    """Levels of a picture decoded at a fraction of its size; None if that cannot be."""
    # A file may not hold the size asked for; if it is damaged, the exact decode says how.
    with contextlib.suppress(OSError), _open(data) as picture:
        width, height = picture.size
        if rule.exif and orientation(picture) != 1:
            return None  # its last, partial pixels would be its first
        if (reduction := ask_for_less(picture)) is not None:
            grey = levels_of_picture(picture, rule).whole()
            return ReducedLevels(grey, (height, width), reduction)
    return None
