"""The parameters of a signature, and their canonical form."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any, Self

from imgsig.errors import ConfigError
from imgsig.grid import Grid

#: Ways of decoding that are defined.
DECODE_MODES = ("exact", "fast")

#: How pixels become grey levels, see `imgsig.pixels`.
PIXEL_RULES = ("uniform", "path", "bytes")

#: What is behind transparent pixels, by the brightness that it has.
BACKGROUNDS = {"white": 1.0, "grey": 0.5}


@dataclass(frozen=True)
class PixelRule:
    """How pixels become grey levels: the parameters of `SignatureConfig` for that."""

    pixels: str = "uniform"
    exif: bool = False
    alpha: str = "white"


@dataclass(frozen=True)
class SignatureConfig:
    """What determines a signature, with the reference's names, meanings and defaults.

    Parameters
    ----------
    n : int
        Grid points in each direction (paper, step 2).
    crop_percentiles : tuple of float or None
        Lower and upper percentile of accumulated grey-level change between which the picture is
        sampled, so that featureless borders do not count (paper, step 2). None takes it whole.
    P : int or None
        Side in pixels of the square that is averaged around a grid point (paper, step 3). None:
        ``max(2, floor(0.5 + min(height, width) / 20))``, as the paper says.
    diagonal_neighbors : bool
        8 neighbours (True) or 4 (False).
    identical_tolerance : float
        Grey-level differences smaller than this count as 0 (paper: 2 of 255 levels), in the units
        of the grey levels compared: 0..1 for colour pictures, see `imgsig.image`.
    n_levels : int
        Differences are binned to −n_levels..n_levels.
    fix_ratio : bool
        Use the longer of the two cropped ranges for both directions. Only for square pictures.
    decode : {"exact", "fast"}
        Every pixel, as the reference does, or a reduced picture where the decoder can give one, see
        `imgsig.reduced`. Part of the identity, because the signatures differ a little.
    pixels : {"uniform", "path", "bytes"}
        How pixels become grey levels: by one rule for all, or as the reference takes a path, or as
        it takes ``bytestream=True``, see `imgsig.pixels`. Only few types of pixels differ.
    exif : bool
        Turn pictures as EXIF says before anything else. The reference does not.
    alpha : {"white", "grey"}
        What is behind transparent pixels: white, or what `pixels` makes of them, as in the
        reference; or a middle grey, on which neither a black nor a white drawing vanishes.

    Raises
    ------
    ConfigError
        If a parameter is out of its range.

    Notes
    -----
    Goldberg, Wong: "An image signature for any kind of image", ICIP 2002.

    Examples
    --------
    >>> SignatureConfig().length
    648
    >>> SignatureConfig(n=7, diagonal_neighbors=False).get_config()
    {'n': 7, 'diagonal_neighbors': False}
    >>> SignatureConfig(decode="fast").get_config()
    {'decode': 'fast'}
    """

    n: int = 9
    crop_percentiles: tuple[float, float] | None = (5, 95)
    P: int | None = None
    diagonal_neighbors: bool = True
    identical_tolerance: float = 2 / 255.0
    n_levels: int = 2
    fix_ratio: bool = False
    decode: str = "exact"
    pixels: str = "uniform"
    exif: bool = False
    alpha: str = "white"

    def __post_init__(self) -> None:
        Grid(self.n, self.diagonal_neighbors)
        if self.crop_percentiles is not None:
            pair = self.crop_percentiles
            if not _are_percentiles(pair):
                raise ConfigError(
                    "crop_percentiles must be two numbers with 0 <= lower < upper <= 100, or None "
                    f"for no cropping, not {self.crop_percentiles!r}"
                )
            object.__setattr__(self, "crop_percentiles", tuple(pair))
        if self.P is not None and (type(self.P) is not int or self.P < 1):
            raise ConfigError(
                f"P must be an integer >= 1 (pixels), or None for the paper's, not {self.P!r}"
            )
        if (
            isinstance(self.identical_tolerance, bool)
            or not isinstance(self.identical_tolerance, int | float)
            or not 0 <= self.identical_tolerance <= 1
        ):
            raise ConfigError(
                f"identical_tolerance must be a number in 0..1, not {self.identical_tolerance!r}"
            )
        if type(self.n_levels) is not int or not 1 <= self.n_levels <= 127:
            raise ConfigError(
                f"n_levels must be an integer in 1..127 (values are int8), not {self.n_levels!r}"
            )
        for switch in ("fix_ratio", "exif"):
            if type(getattr(self, switch)) is not bool:
                raise ConfigError(f"{switch} must be true or false, not {getattr(self, switch)!r}")
        choices = {"decode": DECODE_MODES, "pixels": PIXEL_RULES, "alpha": tuple(BACKGROUNDS)}
        for name, known in choices.items():
            if getattr(self, name) not in known:
                raise ConfigError(
                    f"{name} must be one of {', '.join(known)}, not {getattr(self, name)!r}"
                )

    @cached_property
    def grid(self) -> Grid:
        """The grid's geometry."""
        return Grid(self.n, self.diagonal_neighbors)

    @property
    def pixel_rule(self) -> PixelRule:
        """How pixels become grey levels."""
        return PixelRule(self.pixels, self.exif, self.alpha)

    @property
    def length(self) -> int:
        """Number of values in a signature."""
        return self.grid.length

    def get_config(self) -> dict[str, Any]:
        """Return the canonical form: what differs from the defaults, JSON-ready."""
        defaults = {field.name: field.default for field in fields(self)}
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
            if value != defaults[key]
        }

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Build from the canonical form.

        Raises
        ------
        ConfigError
            If a key is unknown or a value out of range.
        """
        check_keys(config, [field.name for field in fields(cls)], "a signature")
        return cls(**config)


def _are_percentiles(pair: object) -> bool:
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        return False
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in pair)
    return numbers and 0 <= pair[0] < pair[1] <= 100


def check_keys(config: object, known: Sequence[str], what: str) -> None:
    """Refuse what is no config, or has a key that nothing reads.

    `ConfigError` says what it was meant to configure, and which parameters there are.

    >>> check_keys({"stripp": "half"}, ["strip", "n"], "codec 'packed'")
    Traceback (most recent call last):
    ...
    imgsig.errors.ConfigError: codec 'packed' has no parameter 'stripp'; it takes strip, n
    """
    takes = ", ".join(known)
    if not isinstance(config, Mapping):
        raise ConfigError(f"{what} takes a mapping of {takes}, not {config!r}")
    if unknown := [repr(key) for key in config if key not in known]:
        raise ConfigError(f"{what} has no parameter {', '.join(unknown)}; it takes {takes}")
