"""The eight ways in which a picture can be turned and mirrored, and its signature in each."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from imgsig.config import SignatureConfig
from imgsig.errors import ConfigError
from imgsig.image import ImageInput, grey_levels
from imgsig.signature import generate_signature

#: How a query was turned: quarter turns against the clock, of the picture or of its mirror image
#: (left and right changed).
ORIENTATIONS = (
    "as_is",
    "turned_90",
    "turned_180",
    "turned_270",
    "mirrored",
    "mirrored_turned_90",
    "mirrored_turned_180",
    "mirrored_turned_270",
)
AS_IS = ORIENTATIONS[0]


def chosen_orientations(orientations: str | Sequence[str] | None) -> tuple[str, ...]:
    """The orientations of a search: the picture as it is, all, one or some of `ORIENTATIONS`.

    >>> chosen_orientations(None), len(chosen_orientations("all"))
    (('as_is',), 8)
    """
    if orientations is None:
        return (AS_IS,)
    if orientations == "all":
        return ORIENTATIONS
    chosen = (orientations,) if isinstance(orientations, str) else tuple(orientations)
    unknown = [repr(one) for one in chosen if one not in ORIENTATIONS]
    if unknown or not chosen or len(set(chosen)) < len(chosen):
        wrong = f"not {', '.join(unknown)}" if unknown else f"each once, not {list(chosen)}"
        raise ConfigError(
            f"orientations must be 'all' or some of {', '.join(map(repr, ORIENTATIONS))}, {wrong}"
        )
    return chosen


def turned(levels: NDArray[np.generic], orientation: str) -> NDArray[np.generic]:
    """Pixels ``(height, width, …)`` in an orientation.

    >>> turned(np.array([[1, 2, 3]]), "mirrored_turned_90").ravel().tolist()
    [1, 2, 3]
    """
    mirrored, turns = divmod(ORIENTATIONS.index(orientation), 4)
    return np.ascontiguousarray(np.rot90(levels[:, ::-1] if mirrored else levels, turns))


def oriented_signatures(
    image: ImageInput, config: SignatureConfig, orientations: Sequence[str]
) -> dict[str, NDArray[np.int8]]:
    """Signature of a picture in each orientation, ``int8[length]``.

    Each is that of the picture so turned, to the last bit: pixels are turned, not signatures, whose
    grid points and squares are rounded to pixels and so do not lie in mirrored places. With
    ``decode="fast"`` the turned ones are decoded in full.
    """
    if hasattr(image, "read"):  # a file object is read once
        image = image.read()
    signed: dict[str, NDArray[np.int8]] = {}
    levels = None
    # How pixels become levels is done with by then.
    of_levels = replace(config, pixels="uniform", exif=False, alpha="white")
    for orientation in orientations:
        if orientation == AS_IS:
            signed[orientation] = generate_signature(image, config)
            continue
        if levels is None:
            levels = grey_levels(image, rule=config.pixel_rule)
        signed[orientation] = generate_signature(turned(levels, orientation), of_levels)
    return signed
