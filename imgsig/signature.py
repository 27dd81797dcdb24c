"""The signature of a picture."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from imgsig.config import SignatureConfig
from imgsig.differences import bin_differences, neighbor_differences
from imgsig.image import MAX_PIXELS, ImageInput, read_levels
from imgsig.levels import Levels
from imgsig.sampling import grid_points, mean_levels, sampled_window

_DEFAULT = SignatureConfig()


def generate_signature(
    image: ImageInput,
    config: SignatureConfig = _DEFAULT,
    decode: str | None = None,
    max_pixels: int = MAX_PIXELS,
) -> NDArray[np.int8]:
    """Signature of a picture.

    With exact decoding, the default, it is bit for bit that which the reference implementation
    (image-match) takes of a file by its path, but for files in CMYK, YCbCr or LAB: see the guide's
    page on image-match.

    Parameters
    ----------
    image : path, bytes, binary file object, Pillow image or array
        What each kind of picture becomes is listed in `imgsig.image`.
    config : SignatureConfig
        Grid, crop, tolerance and levels.
    decode : {"exact", "fast"}, optional
        Instead of ``config.decode``.
    max_pixels : int
        Larger pictures are refused.

    Returns
    -------
    ndarray
        ``int8[config.length]``, 648 values in −2..2 by default: for each grid point, row by row,
        the differences to its neighbours in the order upper-left, upper, upper-right, left, right,
        lower-left, lower, lower-right. All 0 for a picture without features.

    Raises
    ------
    CorruptImageError
        If the input is no picture, or is damaged, empty or too large.
    OSError
        If the file cannot be read at all.
    ConfigError
        If `decode` is unknown.

    Notes
    -----
    Goldberg, Wong: "An image signature for any kind of image", ICIP 2002, section 3.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> generate_signature(rng.random((90, 120)))[4:8]
    array([ 1,  0, -1, -1], dtype=int8)
    >>> generate_signature(np.zeros((90, 120), dtype=np.uint8)).any()
    np.False_
    """
    if decode is not None:
        config = replace(config, decode=decode)
    levels = read_levels(image, max_pixels, config.decode)
    means = _means(levels, config)
    if (confirmed := levels.confirmed()) is not levels:
        means = _means(confirmed, config)
    differences = neighbor_differences(means, config.grid)
    return bin_differences(differences, config.identical_tolerance, config.n_levels).ravel()


def _means(levels: Levels, config: SignatureConfig) -> NDArray[np.float64]:
    """Mean levels around the grid points."""
    window = sampled_window(levels, config.crop_percentiles, config.fix_ratio)
    rows, columns = grid_points(window, config.n)
    return mean_levels(levels, rows, columns, config.P)
