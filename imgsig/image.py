"""From a picture in any form to the grey levels that a signature samples.

One rule whatever way a file arrives (path, bytes, file object), which is what the reference does
with a path:

=================  ==============================================================================
picture            grey levels
=================  ==============================================================================
RGB; palette,      0.2125 R + 0.7154 G + 0.0721 B, float64 in 0..1
alpha ignored
RGBA, LA           blended over white, then as RGB
grey (L), 16-bit,  as stored, in their own type and scale. The reference does not rescale them, so
32-bit, float      ``identical_tolerance`` is in their units, and unsigned differences wrap around
                   while the crop is determined. A grey file and the same picture stored as RGB can
                   therefore have different signatures; convert to RGB where that matters.
bilevel (1)        as stored: False and True, that is 0 and 1
CMYK, YCbCr, ...   converted to RGB first (the reference takes a CMYK file's four inks for RGBA)
animated           first frame
EXIF orientation   left alone, as the reference does
other formats      refused, see `imgsig.formats`; convert them to PNG first
=================  ==============================================================================
"""

import contextlib
import io
import math
import os
import warnings
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from imgsig.color_levels import ColorLevels
from imgsig.errors import CorruptImageError, NotAnImageError
from imgsig.float_levels import FloatLevels
from imgsig.formats import FORMATS, begins_like_a_picture
from imgsig.grey import blas_is_uniform, to_grey
from imgsig.levels import ExactLevels, Levels, StoredLevels
from imgsig.most_change import NOT_FINITE, most_change_of
from imgsig.reduced import ReducedLevels, ask_for_less

#: What a signature can be taken of.
ImageInput = str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes] | NDArray[Any]

#: Pictures of more pixels are refused before they are decoded (a decompression bomb is a small file
#: that unpacks to gigabytes). Pillow's own limit for an error.
MAX_PIXELS = 178_956_970

_STORED_AS_GREY = ("1", "L", "I;16", "I;16B", "I;16L", "I;16N", "I", "F")


def read_levels(image: ImageInput, max_pixels: int = MAX_PIXELS, decode: str = "exact") -> Levels:
    """Decode a picture.

    Parameters
    ----------
    image : path, bytes, binary file object or array
        Arrays are ``(height, width)`` grey levels, ``(height, width, 3)`` RGB or
        ``(height, width, 4)`` RGBA; unsigned integers in their full range, or floats in 0..1.
    max_pixels : int
        Larger pictures are refused. Pillow refuses those of more than twice its own
        ``PIL.Image.MAX_IMAGE_PIXELS``: for them that must be raised too.
    decode : {"exact", "fast"}
        Every pixel, or a reduced picture where the decoder has one, see `imgsig.reduced`.

    Returns
    -------
    Levels
        Grey levels; 0..1 for colour, in the stored scale for grey. Floats are not checked before
        they are confirmed.

    Raises
    ------
    CorruptImageError
        If this is not a picture, or is damaged, empty or too large.
    OSError
        If the file cannot be read at all (missing, no permission).
    TypeError
        If `image` is none of the accepted kinds.
    """
    if isinstance(image, np.ndarray):
        return _levels_of_array(image)
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
            "an image is a path, bytes, a binary file object or an array, not "
            f"{type(image).__name__}"
        )
    return _levels_of_file(data, name, max_pixels, decode)


def grey_levels(image: ImageInput, max_pixels: int = MAX_PIXELS) -> NDArray[Any]:
    """Grey levels of every pixel of a picture, as an array.

    Parameters
    ----------
    image, max_pixels
        As for `read_levels`.

    Returns
    -------
    ndarray
        ``(height, width)``; float64 in 0..1 for colour, the stored type for grey.

    Raises
    ------
    CorruptImageError, OSError, TypeError
        As `read_levels`.
    """
    levels = read_levels(image, max_pixels)
    if not isinstance(levels, ExactLevels):
        raise TypeError(f"{type(levels).__name__} does not hold every pixel")
    confirmed: ExactLevels = levels.confirmed()
    return confirmed.whole()


def _levels_of_file(data: bytes, name: str, max_pixels: int, decode: str) -> Levels:
    try:
        # Our own limit is checked before a pixel is decoded; Pillow's warning would repeat it.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with _open(data) as picture:
                width, height = picture.size
                if width * height <= max_pixels:
                    reduced = _reduced_levels(data) if decode == "fast" else None
                    _seek_first(picture)
                    return reduced or _levels_of_picture(picture)
    except MemoryError:
        raise
    except UnidentifiedImageError as error:
        reason = "it is empty" if not data else f"it is in none of the formats {', '.join(FORMATS)}"
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
    raise CorruptImageError(
        f"{name} has {width}×{height} = {width * height:,} pixels, more than the limit of "
        f"{max_pixels:,}; if it is no decompression bomb, raise max_pixels or scale it down"
    )


def _open(data: bytes) -> Image.Image:
    """Open, without decoding, what is in one of the formats that are read."""
    return Image.open(io.BytesIO(data), formats=FORMATS)


def _seek_first(picture: Image.Image) -> None:
    """Go to the first frame; of a PSD, frame 1 is the whole picture, and there is no frame 0."""
    if picture.format != "PSD":
        picture.seek(0)


def _reduced_levels(data: bytes) -> ReducedLevels | None:
    """Levels of a picture decoded at a fraction of its size; None if that cannot be."""
    # A file may not hold the size asked for; if it is damaged, the exact decode says how.
    with contextlib.suppress(OSError), _open(data) as picture:
        width, height = picture.size
        _seek_first(picture)
        if (reduction := ask_for_less(picture)) is not None:
            grey = _levels_of_picture(picture).whole()
            return ReducedLevels(grey, (height, width), reduction)
    return None


def _levels_of_picture(picture: Image.Image) -> ExactLevels:
    """Levels of the current frame."""
    if picture.mode in _STORED_AS_GREY:
        return _levels_of_array(np.asarray(picture))
    if picture.mode != "P" and picture.has_transparency_data:
        return _levels_of_array(np.asarray(picture.convert("RGBA")))
    picture.load()
    if picture.mode != "RGB":
        picture = picture.convert("RGB")
    if picture.width > 1 and picture.height and blas_is_uniform():
        return ColorLevels.of_picture(picture)
    return _levels_of_array(np.asarray(picture))


def _levels_of_array(pixels: NDArray[Any]) -> ExactLevels:
    if pixels.size == 0:
        raise CorruptImageError(f"the image is empty: its shape is {pixels.shape}")
    if pixels.dtype.kind not in "biuf":
        raise CorruptImageError(f"pixels must be numbers, not {pixels.dtype}")
    if pixels.ndim == 2 and pixels.dtype == np.float64 and pixels.flags.c_contiguous:
        return FloatLevels(pixels)
    most_change = most_change_of(pixels)
    if math.isnan(most_change):
        raise CorruptImageError(NOT_FINITE)
    if pixels.ndim == 2:
        return StoredLevels(pixels, most_change)
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        return StoredLevels(pixels[:, :, 0], most_change)
    if pixels.ndim == 3 and pixels.shape[2] in (3, 4):
        if pixels.dtype.kind == "f" and (pixels.min() < 0 or pixels.max() > 1):
            raise CorruptImageError(
                f"float colours must lie in 0..1, these in {pixels.min():g}..{pixels.max():g}; "
                "divide by their full range first"
            )
        in_float32 = pixels.dtype in (np.float16, np.float32)
        lazily = pixels.flags.c_contiguous and not in_float32 and pixels.shape[1] > 1
        if lazily and blas_is_uniform():
            return ColorLevels.of_array(pixels)
        grey = to_grey(pixels)
        return StoredLevels(grey, most_change_of(grey))
    raise CorruptImageError(
        "an image array is (height, width), (height, width, 3) or (height, width, 4), "
        f"not {pixels.shape}"
    )
