"""Strips: which values of a signature are kept before encoding.

=========  ================================================  ===================
strip      keeps                                             values by default
=========  ================================================  ===================
none       everything                                        648
border     values whose neighbour is on the grid             544
half       one value of each mirrored pair                   272
=========  ================================================  ===================
"""

from imgsig.errors import ConfigError
from imgsig.grid import Grid
from imgsig.strips.base import Strip
from imgsig.strips.border import BorderStrip
from imgsig.strips.half import HalfStrip
from imgsig.strips.none import NoStrip

__all__ = ["STRIPS", "BorderStrip", "HalfStrip", "NoStrip", "Strip", "get_strip"]

#: Every strip by its id, from most to fewest values kept.
STRIPS: dict[str, type[Strip]] = {
    strip.strip_id: strip for strip in (NoStrip, BorderStrip, HalfStrip)
}


def get_strip(strip_id: str, grid: Grid | None = None) -> Strip:
    """Look a strip up by its id.

    Parameters
    ----------
    strip_id : str
        One of `STRIPS`.
    grid : Grid, optional
        Geometry of the signature; the default grid where left out.

    Returns
    -------
    Strip

    Raises
    ------
    ConfigError
        If there is none of that id.
    """
    if not isinstance(strip_id, str) or strip_id not in STRIPS:
        raise ConfigError(f"strip must be one of {', '.join(STRIPS)}, not {strip_id!r}")
    return STRIPS[strip_id](grid)
