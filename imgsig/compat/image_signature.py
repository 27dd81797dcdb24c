"""Signatures by image-match's own rules for paths and for bytes."""

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgsig.compat.urls import fetch, is_url
from imgsig.config import SignatureConfig
from imgsig.image import ImageInput, grey_levels
from imgsig.signature import generate_signature


class ImageSignature:
    """image-match's ``goldberg.ImageSignature``.

    Parameters
    ----------
    n, crop_percentiles, P, diagonal_neighbors, identical_tolerance, n_levels, fix_ratio
        As in `imgsig.SignatureConfig`.
    fetch : callable
        Called with a URL; returns the file's bytes.
    config : SignatureConfig, optional
        Instead of all of them: then pictures are signed by its own rule of pixels, however they
        come in.

    Examples
    --------
    >>> gis = ImageSignature()
    >>> gis.generate_signature(np.zeros((90, 120, 3), dtype=np.uint8)).shape
    (648,)
    """

    def __init__(
        self,
        n: int = 9,
        crop_percentiles: tuple[float, float] | None = (5, 95),
        P: int | None = None,
        diagonal_neighbors: bool = True,
        identical_tolerance: float = 2 / 255.0,
        n_levels: int = 2,
        fix_ratio: bool = False,
        *,
        fetch: Callable[[str], bytes] = fetch,
        config: SignatureConfig | None = None,
    ) -> None:
        self._rule_is_given = config is not None
        self.config = config or SignatureConfig(
            n=n,
            crop_percentiles=crop_percentiles,
            P=P,
            diagonal_neighbors=diagonal_neighbors,
            identical_tolerance=identical_tolerance,
            n_levels=n_levels,
            fix_ratio=fix_ratio,
            pixels="path",
        )
        self._fetch = fetch

    def generate_signature(
        self, path_or_image: str | bytes | NDArray[Any], bytestream: bool = False
    ) -> NDArray[np.int8]:
        """Signature of a picture.

        Parameters
        ----------
        path_or_image : str, bytes or array
            Path of a file, or a URL; the file's bytes with `bytestream`; or an array of pixels.
        bytestream : bool
            Whether it is bytes.

        Returns
        -------
        ndarray
            ``int8[length]``.
        """
        return generate_signature(*self._as_read(path_or_image, bytestream))

    def preprocess_image(
        self, image_or_path: str | bytes | NDArray[Any], bytestream: bool = False
    ) -> NDArray[Any]:
        """Grey levels of a picture's pixels, ``(height, width)``."""
        image, config = self._as_read(image_or_path, bytestream)
        return grey_levels(image, rule=config.pixel_rule)

    @staticmethod
    def normalized_distance(_a: ArrayLike, _b: ArrayLike) -> float:
        """Distance of two signatures: 0 the same, up to 1; not a number for two without features.

        In the words of image-match, whose ``SignatureES`` takes that for 1.
        """
        a, b = np.asarray(_a).astype(int), np.asarray(_b).astype(int)
        with np.errstate(invalid="ignore"):
            return float(np.linalg.norm(b - a) / (np.linalg.norm(a) + np.linalg.norm(b)))

    def _as_read(self, image: Any, bytestream: bool) -> tuple[ImageInput, SignatureConfig]:
        """A picture, and the config that has the rule for the way it came in."""
        if isinstance(image, str) and not bytestream and is_url(image):
            return self._fetch(image), self.config
        if bytestream or isinstance(image, bytes):
            # image-match takes bytes without bytestream for the name of a file, read as RGB.
            found = image if bytestream else os.fsdecode(image)
            ruled = self.config if self._rule_is_given else replace(self.config, pixels="bytes")
            return found, ruled
        if not isinstance(image, str | os.PathLike | np.ndarray):
            raise TypeError("Path or image required.")
        return image, self.config
