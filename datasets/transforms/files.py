"""Stored in a lossy or lossless format, and read again."""

import io
from typing import Any

from numpy.random import Generator
from PIL import Image, features

from datasets.errors import TransformError

#: Longest side in pixels that each format holds. JPEG_MAX_DIMENSION of libjpeg,
#: WEBP_MAX_DIMENSION of libwebp, AVIF_DEFAULT_IMAGE_DIMENSION_LIMIT of libavif, beyond which it
#: writes but does not read, the 16 bits of a GIF's header and the 31 of a PNG's.
MAX_SIDE = {"JPEG": 65_500, "WEBP": 16_383, "AVIF": 32_768, "GIF": 65_535, "PNG": 2**31 - 1}

COLOURS = 256  # that a GIF can hold
SAMPLE = 512  # pixels of the longer side of what the palette is chosen from; all takes seconds
SHRINK = 4  # of each side in Copydays: 1/16 of the surface


def through_file(image: Image.Image, file_format: str, **options: Any) -> Image.Image:
    """Encode an ``RGB``, ``L`` or ``P`` picture in memory with Pillow's options, and decode it.

    The mode is what the format gives back: WebP and AVIF have colour only. `TransformError` if a
    side is longer than the format holds, or this Pillow was built without the format.
    """
    longest = MAX_SIDE[file_format]
    if max(image.size) > longest:
        raise TransformError(
            f"cannot edit an image of {image.width}x{image.height}: {file_format} ends"
            f" at {longest} pixels a side; use a smaller image"
        )
    if file_format in {"WEBP", "AVIF"} and not features.check(file_format.lower()):
        raise TransformError(
            f"needs a Pillow that writes {file_format}, and this one was built without;"
            " install Pillow from its wheel on PyPI"
        )
    encoded = io.BytesIO()
    image.save(encoded, format=file_format, **options)
    with Image.open(encoded) as decoded:
        return decoded.copy()


def jpeg(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The picture after encoding to JPEG and decoding again.

    The bytes are real: a baseline file with Pillow's defaults for everything but the quality, such
    as halved chroma (4:2:0).
    """
    return through_file(image, "JPEG", quality=int(strength))


def copydays_jpeg(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """A sixteenth of the pixels, then JPEG.

    Each side is divided by four and keeps at least one pixel. That it is done by Lanczos resampling
    is ours.

    Douze, Jégou, Sandhawalia, Amsaleg and Schmid, "Evaluation of GIST descriptors for web-scale
    image search", CIVR 2009, on the INRIA Copydays data set: copies of 1/16 of the pixels, as JPEG
    of quality 3 to 75.
    """
    width, height = (max(1, round(side / SHRINK)) for side in image.size)
    small = image.resize((width, height), Image.Resampling.LANCZOS)
    return through_file(small, "JPEG", quality=int(strength))


def png(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The picture after encoding to PNG and decoding again: not one value changes."""
    # No effort at compressing: it takes seconds, and the pixels are the same.
    return through_file(image, "PNG", compress_level=0)


def webp(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The picture after encoding to lossy WebP and decoding again, with Pillow's defaults."""
    return through_file(image, "WEBP", quality=int(strength)).convert(image.mode)


def avif(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The picture after encoding to lossy AVIF (4:2:0) and decoding again.

    The encoder is libaom at its fastest, on one thread: with more, its bytes depend on how many.
    """
    quality = int(strength)
    decoded = through_file(image, "AVIF", quality=quality, codec="aom", speed=10, max_threads=1)
    return decoded.convert(image.mode)


def gif(image: Image.Image, strength: float, rng: Generator) -> Image.Image:
    """The picture after encoding to GIF and decoding again.

    Colours become a palette of 256 (median cut), mixed by Floyd–Steinberg dithering. A grey picture
    has no more than these and stays as it is.
    """
    few = image
    if image.mode == "RGB":
        sample = image.copy()
        sample.thumbnail((SAMPLE, SAMPLE), Image.Resampling.NEAREST)  # invents no colour
        palette = sample.quantize(COLOURS, Image.Quantize.MEDIANCUT)
        few = image.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
    return through_file(few, "GIF").convert(image.mode)
