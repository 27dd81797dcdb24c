"""From a picture in any form to the array of grey levels that a signature samples.

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
=================  ==============================================================================
"""

import io
import os
import warnings
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from skimage.color import rgb2gray, rgba2rgb

from imgsig.errors import CorruptImageError

#: What a signature can be taken of.
ImageInput = str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes] | NDArray[Any]

#: Pictures of more pixels are refused before they are decoded (a decompression bomb is a small file
#: that unpacks to gigabytes). Pillow's own limit for an error.
MAX_PIXELS = 178_956_970

_STORED_AS_GREY = ("1", "L", "I;16", "I;16B", "I;16L", "I;16N", "I", "F")


def grey_levels(image: ImageInput, max_pixels: int = MAX_PIXELS) -> NDArray[Any]:
    """Decode a picture to its grey levels.

    Parameters
    ----------
    image : path, bytes, binary file object or array
        Arrays are ``(height, width)`` grey levels, ``(height, width, 3)`` RGB or
        ``(height, width, 4)`` RGBA; unsigned integers in their full range, or floats in 0..1.
    max_pixels : int
        Larger pictures are refused.

    Returns
    -------
    ndarray
        ``(height, width)``; float64 in 0..1 for colour, the stored type for grey.

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
        return _grey_of_array(image)
    if isinstance(image, str | os.PathLike):
        name, data = repr(os.fspath(image)), Path(image).read_bytes()
    elif isinstance(image, bytes | bytearray | memoryview):
        name, data = f"these {len(image)} bytes", bytes(image)
    elif hasattr(image, "read"):
        name, data = repr(getattr(image, "name", "the file object")), image.read()
        if not isinstance(data, bytes):
            raise TypeError("the file object must be opened in binary mode, open(path, 'rb')")
    else:
        raise TypeError(
            "an image is a path, bytes, a binary file object or an array, not "
            f"{type(image).__name__}"
        )
    return _grey_of_file(data, name, max_pixels)


def _grey_of_file(data: bytes, name: str, max_pixels: int) -> NDArray[Any]:
    try:
        # Our own limit is checked before a pixel is decoded; Pillow's warning would repeat it.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as picture:
                width, height = picture.size
                if width * height <= max_pixels:
                    return _grey_of_array(_pixels(picture))
    except MemoryError:
        raise
    except UnidentifiedImageError as error:
        reason = "it is empty" if not data else "it is in no format that Pillow reads"
        raise CorruptImageError(f"{name} cannot be decoded as an image: {reason}") from error
    except Exception as error:  # Pillow's decoders raise almost anything
        raise CorruptImageError(f"{name} cannot be decoded as an image: {error}") from error
    raise CorruptImageError(
        f"{name} has {width}×{height} = {width * height:,} pixels, more than the limit of "
        f"{max_pixels:,}; if it is no decompression bomb, raise max_pixels or scale it down"
    )


def _pixels(picture: Image.Image) -> NDArray[Any]:
    """Pixel values of the first frame, in one of the array forms of `grey_levels`."""
    picture.seek(0)
    if picture.mode in _STORED_AS_GREY:
        return np.asarray(picture)
    if picture.mode != "P" and picture.has_transparency_data:
        return np.asarray(picture.convert("RGBA"))
    return np.asarray(picture.convert("RGB"))


def _grey_of_array(pixels: NDArray[Any]) -> NDArray[Any]:
    if pixels.size == 0:
        raise CorruptImageError(f"the image is empty: its shape is {pixels.shape}")
    if pixels.dtype.kind not in "biuf":
        raise CorruptImageError(f"pixels must be numbers, not {pixels.dtype}")
    if pixels.dtype.kind == "f" and not np.isfinite(pixels).all():
        raise CorruptImageError("pixels hold NaN or infinity; replace them before signing")
    if pixels.ndim == 2:
        return pixels
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        return pixels[:, :, 0]
    if pixels.ndim == 3 and pixels.shape[2] in (3, 4):
        if pixels.dtype.kind == "f" and (pixels.min() < 0 or pixels.max() > 1):
            raise CorruptImageError(
                f"float colours must lie in 0..1, these in {pixels.min():g}..{pixels.max():g}; "
                "divide by their full range first"
            )
        if pixels.shape[2] == 4:
            pixels = rgba2rgb(pixels)  # type: ignore[no-untyped-call]
        grey: NDArray[Any] = rgb2gray(pixels)
        return grey
    raise CorruptImageError(
        "an image array is (height, width), (height, width, 3) or (height, width, 4), "
        f"not {pixels.shape}"
    )
