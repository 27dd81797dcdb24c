"""From pictures to stored forms, a few signatures at a time.

A signature is 648 bytes as an array and some 5 kB as a list of Python integers. Here it is never a
list, and a batch of arrays is dropped as soon as it is encoded.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from imgsig.codecs.base import Codec
from imgsig.config import SignatureConfig
from imgsig.errors import ConfigError
from imgsig.image import ImageInput
from imgsig.signature import generate_signature

_DEFAULT = SignatureConfig()


def encode_image(image: ImageInput, codec: Codec, config: SignatureConfig = _DEFAULT) -> Any:
    """Stored form of a picture's signature.

    Parameters
    ----------
    image : path, bytes, binary file object, Pillow image or array
        The picture.
    codec : Codec
        Must be of the signature's grid and levels.
    config : SignatureConfig
        Parameters of the signature.

    Returns
    -------
    list of int, str, bytes or None
        By codec.

    Raises
    ------
    ConfigError
        If the codec is of another grid or other levels than the signature.
    CorruptImageError
        If the input is no picture.

    Examples
    --------
    >>> from imgsig.codecs import get_codec
    >>> picture = np.random.default_rng(0).random((90, 120))
    >>> len(encode_image(picture, get_codec({"id": "packed", "strip": "half"})))
    79
    """
    return next(encode_images([image], codec, config))


def encode_images(
    images: Iterable[ImageInput],
    codec: Codec,
    config: SignatureConfig = _DEFAULT,
    batch: int = 1000,
) -> Iterator[Any]:
    """Stored forms of many pictures, in their order.

    Parameters
    ----------
    images : iterable
        Pictures; taken one by one as they are needed.
    codec, config
        As for `encode_image`.
    batch : int
        Signatures encoded, and held, at once.

    Yields
    ------
    list of int, str, bytes or None
        By codec.

    Raises
    ------
    ConfigError, CorruptImageError
        As for `encode_image`; and if `batch` is not positive.
    """
    if (codec.grid, codec.n_levels) != (config.grid, config.n_levels):
        raise ConfigError(
            f"codec {codec!r} is not of signatures with n={config.n}, diagonal_neighbors="
            f"{config.diagonal_neighbors}, n_levels={config.n_levels}; give the codec the same"
        )
    if batch < 1:
        raise ConfigError(f"batch must be at least 1 signature, not {batch}")
    signatures = (generate_signature(image, config) for image in images)
    while rows := list(islice(signatures, batch)):
        yield from codec.encode_batch(np.array(rows))
