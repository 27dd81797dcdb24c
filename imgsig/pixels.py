"""Grey levels of a picture's pixels, under each of the rules that there are for them.

The paper does not say how a pixel becomes a grey level, and the reference has two ways: one of a
path, one of ``bytestream=True``. This library has one of its own, the default, and both of those:

=================  =======================  ======================  ===========================
picture            ``uniform``              ``path``                ``bytes``
=================  =======================  ======================  ===========================
RGB                0.2125 R + 0.7154 G      as uniform              as uniform
                   + 0.0721 B in 0..1
palette            as RGB                   as RGB; of a TIFF the   as RGB
                                            numbers of the colours
RGBA               over white, as RGB       as uniform              without alpha, as RGB
LA                 over white, as RGB       refused there: uniform  without alpha, as RGB
grey, of 8 to 32   as stored, in its own    as stored               as RGB of 8 bits: larger
bits or floats     type and scale                                   levels are cut off at 255
bilevel            as stored, 0 and 1       as stored               as RGB
CMYK               converted to RGB         its inks, as RGBA       converted to RGB
YCbCr, LAB, HSV    converted to RGB         as RGB, as they are     converted to RGB
many frames        the first                refused there, but 3    the first
                                            or 4 grey ones, which
                                            are taken for colours
TIFF               as Pillow reads it,      as tifffile reads it,   as Pillow reads it, which
                   which turns it           never turned            turns it
=================  =======================  ======================  ===========================

Colours that are declared transparent are as good as any. ``path`` and ``bytes`` have the bits of
the reference; what it refuses has the levels of ``uniform``. A file is what it contains, not what
its name ends in. An array has no file whose type could matter: it is signed alike under every rule.
"""

import contextlib
import io
import math
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imgsig.color_levels import ColorLevels, blas_is_uniform, to_grey
from imgsig.config import BACKGROUNDS, PixelRule
from imgsig.errors import CorruptImageError
from imgsig.levels import NOT_FINITE, ExactLevels, FloatLevels, StoredLevels, most_change_of

if TYPE_CHECKING:
    from tifffile import TiffFile

_STORED_AS_GREY = ("1", "L", "I;16", "I;16B", "I;16L", "I;16N", "I", "F")

#: Modes with an alpha channel, and those that Pillow gives one for a colour declared transparent.
_ALPHA, _MAY_DECLARE = ("LA", "La", "PA", "RGBA", "RGBa"), ("1", "L", "P", "RGB")

#: The tag that says how a picture is to be turned, and what its values mean.
_ORIENTATION = 0x112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

#: How many frames that are grey look like the channels of one picture to the reference.
_CHANNELS = (3, 4)


#: The rule unless told otherwise.
UNIFORM = PixelRule()


def orientation(picture: Image.Image) -> int:
    """How EXIF says that a picture is to be turned: 1 to 8, 1 if not at all, or if that is unclear.

    >>> orientation(Image.new("L", (3, 2)))
    1
    """
    found = 1
    with contextlib.suppress(Exception):  # damaged EXIF is no reason to have no signature
        found = picture.getexif().get(_ORIENTATION, 1)
    return found if found in _TURNS else 1


def levels_of_picture(picture: Image.Image, rule: PixelRule = UNIFORM) -> ExactLevels:
    """Levels of the current frame."""
    if rule.exif:
        picture.load()  # a TIFF is turned by that, and then no longer says that it is to be
        if (turn := _TURNS.get(orientation(picture))) is not None:
            picture = picture.transpose(turn)
    if rule.alpha != "white" and _is_transparent(picture):
        return levels_of_array(np.asarray(_with_alpha(picture)), rule)
    if rule.pixels == "bytes":
        # "La" is converted to "LA" only, which has the same levels here as without its alpha.
        return _levels_of_rgb(picture.convert("LA") if picture.mode == "La" else picture)
    if rule.pixels == "path":
        loaded = _as_imageio_loads(picture)
        if loaded is not None and (levels := _levels_as_loaded(loaded)) is not None:
            return levels
    if picture.mode in _STORED_AS_GREY:
        return levels_of_array(np.asarray(picture))
    if picture.mode in _ALPHA:
        return levels_of_array(np.asarray(_with_alpha(picture)))
    return _levels_of_rgb(picture)


def _levels_of_rgb(picture: Image.Image) -> ExactLevels:
    picture.load()
    if picture.mode != "RGB":
        picture = picture.convert("RGB")
    if picture.width > 1 and picture.height and blas_is_uniform():
        return ColorLevels.of_picture(picture)
    return levels_of_array(np.asarray(picture))


def _is_transparent(picture: Image.Image) -> bool:
    if picture.mode in _MAY_DECLARE:
        picture.load()  # some files say so after their first pixels
    return picture.mode in (*_ALPHA, *_MAY_DECLARE) and picture.has_transparency_data


def _with_alpha(picture: Image.Image) -> Image.Image:
    if picture.mode == "La":  # which is not converted to colours at once
        picture = picture.convert("LA")
    return picture.convert("RGBA")


def levels_of_array(pixels: NDArray[Any], rule: PixelRule = UNIFORM) -> ExactLevels:
    """Levels of an array, see `imgsig.image.read_levels`."""
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
        in_float32 = pixels.dtype.type in (np.float16, np.float32)  # of either byte order
        lazily = pixels.flags.c_contiguous and not in_float32 and pixels.shape[1] > 1
        grey_of = partial(to_grey, background=BACKGROUNDS[rule.alpha])
        if lazily and blas_is_uniform():
            return ColorLevels.of_array(pixels, grey_of)
        return _levels_of_grey(grey_of(pixels))
    raise CorruptImageError(
        "an image array is (height, width), (height, width, 3) or (height, width, 4), "
        f"not {pixels.shape}"
    )


def _levels_of_grey(grey: NDArray[Any]) -> StoredLevels:
    most_change = most_change_of(grey)
    if math.isnan(most_change):
        raise CorruptImageError(NOT_FINITE)
    return StoredLevels(grey, most_change)


def _as_imageio_loads(picture: Image.Image) -> NDArray[Any] | None:
    """What the reference gets of a file by its path, if that is no TIFF: imageio's array.

    None for frames that it then fails at.
    """
    if picture.format == "GIF" or getattr(picture, "custom_mimetype", None) == "image/apng":
        return _grey_frames(picture)
    if picture.mode == "P" and picture.palette is not None:
        return np.asarray(picture.convert(picture.palette.mode))
    return np.asarray(picture)


def _grey_frames(picture: Image.Image) -> NDArray[Any] | None:
    """All frames, ``(frames, height, width)``, if they pass for the channels of one picture."""
    count, at, frames = getattr(picture, "n_frames", 1), picture.tell(), []
    if count not in _CHANNELS:
        return None
    try:
        for place in range(count):
            picture.seek(place)
            if picture.mode not in _STORED_AS_GREY:
                return None
            frames.append(np.asarray(picture))
    finally:
        picture.seek(at)
    return np.stack(frames)


def _levels_as_loaded(pixels: NDArray[Any]) -> ExactLevels | None:
    """Levels of an array that the reference has loaded; None if it fails there.

    The axes are exchanged as ``skimage.io.imread`` does.
    """
    if pixels.ndim > 2 and pixels.shape[-1] not in _CHANNELS and pixels.shape[-3] in _CHANNELS:
        pixels = np.swapaxes(np.swapaxes(pixels, -1, -3), -2, -3)
    if pixels.ndim == 3 and pixels.shape[2] in _CHANNELS:
        if pixels.dtype.kind == "f":  # in no certain range
            return _levels_of_grey(to_grey(pixels))
        return levels_of_array(pixels)
    return levels_of_array(pixels) if pixels.ndim == 2 else None


def is_tiff(data: bytes) -> bool:
    r"""Whether a file begins as a TIFF does, or a BigTIFF.

    >>> is_tiff(b"II*\0....."), is_tiff(b"GIF89a")
    (True, False)
    """
    return data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def levels_of_tiff(data: bytes, rule: PixelRule, max_pixels: int) -> ExactLevels | None:
    """Levels of a TIFF as the reference has them of a path, which is read by tifffile.

    None where that fails, or the picture is too large: then it is Pillow that says so, or reads it.
    `CorruptImageError` if tifffile is not installed.
    """
    try:
        from tifffile import TiffFile
    except ImportError as error:
        raise CorruptImageError(
            "with pixels='path' a TIFF is read by tifffile, as image-match does: "
            "pip install 'imgsig[tiff]'"
        ) from error
    try:
        with TiffFile(io.BytesIO(data)) as file:
            if file.series[0].size <= max(_CHANNELS) * max_pixels:
                pixels = file.asarray()
                return _levels_as_loaded(_turned_by(file, pixels) if rule.exif else pixels)
    except MemoryError:
        raise
    except Exception:  # tifffile raises almost anything, and so does the reference then
        return None
    return None


def _turned_by(file: "TiffFile", pixels: NDArray[Any]) -> NDArray[Any]:
    """Turn pixels as the tag of the first page says, of whatever number of channels."""
    turn = int(file.series[0].keyframe.tags.valueof(_ORIENTATION, 1))
    if turn not in _TURNS or pixels.ndim > 3:
        return pixels
    if pixels.ndim == 3 and pixels.shape[-1] not in _CHANNELS:
        return np.stack([_turn(plane, turn) for plane in pixels])
    return _turn(pixels, turn)


def _turn(pixels: NDArray[Any], turn: int) -> NDArray[Any]:
    """Turn rows and columns, the first two axes, as a value of the tag asks.

    >>> _turn(np.arange(6).reshape(2, 3), 6).tolist()  # by a quarter, clockwise
    [[3, 0], [4, 1], [5, 2]]
    """
    if turn >= 5:
        pixels = pixels.swapaxes(0, 1)
    rows = slice(None, None, -1 if turn in (3, 4, 7, 8) else 1)
    columns = slice(None, None, -1 if turn in (2, 3, 6, 7) else 1)
    return np.ascontiguousarray(pixels[rows, columns])
