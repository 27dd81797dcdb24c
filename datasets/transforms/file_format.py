"""A picture written to a file of some format and read back."""

import io
from typing import Any

from PIL import Image, features

from datasets.errors import TransformError

#: Longest side in pixels that each format holds. JPEG_MAX_DIMENSION of libjpeg,
#: WEBP_MAX_DIMENSION of libwebp, AVIF_DEFAULT_IMAGE_DIMENSION_LIMIT of libavif, beyond which it
#: writes but does not read, the 16 bits of a GIF's header and the 31 of a PNG's.
MAX_SIDE = {"JPEG": 65_500, "WEBP": 16_383, "AVIF": 32_768, "GIF": 65_535, "PNG": 2**31 - 1}


def through_file(
    image: Image.Image, asked_by: str, file_format: str, **options: Any
) -> Image.Image:
    """Encode a picture in memory, and decode it again.

    Parameters
    ----------
    image : PIL.Image.Image
        Of mode ``RGB``, ``L`` or ``P``.
    asked_by : str
        Id of the transform, for errors.
    file_format : str
        Pillow's name of the format, such as ``"WEBP"``.
    **options
        What Pillow's encoder takes.

    Returns
    -------
    PIL.Image.Image
        Of the mode that the format gives back: WebP and AVIF have colour only.

    Raises
    ------
    TransformError
        If a side is longer than the format holds, or this Pillow was built without the format.
    """
    longest = MAX_SIDE[file_format]
    if max(image.size) > longest:
        raise TransformError(
            f"{asked_by} cannot edit an image of {image.width}x{image.height}: {file_format} ends"
            f" at {longest} pixels a side; use a smaller image"
        )
    if file_format in {"WEBP", "AVIF"} and not features.check(file_format.lower()):
        raise TransformError(
            f"{asked_by} needs a Pillow that writes {file_format}, and this one was built without;"
            " install Pillow from its wheel on PyPI"
        )
    encoded = io.BytesIO()
    image.save(encoded, format=file_format, **options)
    with Image.open(encoded) as decoded:
        return decoded.copy()
