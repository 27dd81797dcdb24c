"""What every transform is: a family, a strength, and an edited copy of a picture."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from numpy.random import Generator
from PIL import Image

from datasets.errors import TransformError

DECIMALS = 4  # of a strength, so that ids are short, exact and parsed back to the same number


@dataclass(frozen=True)
class Transform(ABC):
    """A way to edit a picture; family and strength are its identity.

    A family has one number at most. What needs another constant is another family, so that an id
    such as ``jpeg-30`` says everything.

    Parameters
    ----------
    strength : float
        What `meaning` says, within `limits`, with four decimals at most.

    Attributes
    ----------
    family : str
        Name of the kind of edit, unique in the registry: lower case, may contain hyphens.
    meaning : str
        What the strength counts, with its unit.
    limits : tuple of float
        Smallest and largest strength allowed, both included.
    neutral : float
        Strength at which nothing visible happens; the farther from it, the stronger the edit.
    typical : float
        Strength that shows the family on a sheet.
    step : float or None
        Strengths are multiples of it, such as whole numbers; None takes any.
    takes_strength : bool
        False for a family that has no number at all.

    Raises
    ------
    TransformError
        If the strength is not a number within the limits, or no multiple of the step.
    """

    family: ClassVar[str]
    meaning: ClassVar[str]
    limits: ClassVar[tuple[float, float]]
    neutral: ClassVar[float]
    typical: ClassVar[float]
    step: ClassVar[float | None] = None
    takes_strength: ClassVar[bool] = True

    strength: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "strength", self._checked(self.strength))

    @classmethod
    def _checked(cls, strength: object) -> float:
        low, high = cls.limits
        rule = f"{cls.meaning}: {low:g} to {high:g}"
        if isinstance(strength, bool) or not isinstance(strength, int | float):
            raise TransformError(
                f"strength of {cls.family} must be a number ({rule}), not {strength!r}"
            )
        if not low <= strength <= high:  # also refuses NaN
            raise TransformError(
                f"strength of {cls.family} must be in range ({rule}), not {strength!r}"
            )
        if not math.isclose(strength, round(strength, DECIMALS), rel_tol=0, abs_tol=1e-12):
            raise TransformError(
                f"strength of {cls.family} may have {DECIMALS} decimals, not {strength!r}; round it"
            )
        if cls.step is not None and strength % cls.step:
            kind = "a whole number" if cls.step == 1 else f"a multiple of {cls.step:g}"
            raise TransformError(f"strength of {cls.family} must be {kind}, not {strength!r}")
        return round(float(strength), DECIMALS)

    @property
    def id(self) -> str:
        """Family and strength, such as ``jpeg-30`` or ``noise-0.05``; unique and stable."""
        if not self.takes_strength:
            return self.family
        return f"{self.family}-{self.strength:.{DECIMALS}f}".rstrip("0").rstrip(".")

    def get_config(self) -> dict[str, Any]:
        """Canonical, JSON-able form: equal transforms have equal configs.

        Returns
        -------
        dict
            ``family`` and, where the family has one, ``strength`` (an int where it is whole).
        """
        if not self.takes_strength:
            return {"family": self.family}
        whole = self.strength.is_integer()
        return {"family": self.family, "strength": int(self.strength) if whole else self.strength}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Build a transform of this family from what `get_config` gave.

        Parameters
        ----------
        config : mapping
            ``strength``, unless the family has none; ``family`` is not looked at.

        Raises
        ------
        TransformError
            If the strength is missing, superfluous or out of range, or another key is there.
        """
        parameters = {key: value for key, value in config.items() if key != "family"}
        expected = {"strength"} if cls.takes_strength else set()
        if unknown := set(parameters) - expected:
            allowed = "only strength" if expected else "no parameter"
            raise TransformError(
                f"{cls.family} takes {allowed}, not {', '.join(sorted(map(str, unknown)))}"
            )
        if expected - set(parameters):
            low, high = cls.limits
            raise TransformError(
                f"{cls.family} needs a strength ({cls.meaning}: {low:g} to {high:g}), such as"
                f" {cls.family}-{cls.typical:g}"
            )
        return cls(**parameters)

    def __call__(self, image: Image.Image, rng: Generator) -> Image.Image:
        """Make an edited copy; the image given is left as it is.

        Parameters
        ----------
        image : PIL.Image.Image
            Of mode ``RGB`` or ``L``, with at least one pixel.
        rng : numpy.random.Generator
            Source of everything random; the same state gives the same copy. Families without
            randomness draw nothing from it.

        Returns
        -------
        PIL.Image.Image
            Of the same mode, except for `Grey`. It carries pixels only: no EXIF, no profile.

        Raises
        ------
        TransformError
            If the image has another mode or no pixel.
        """
        if image.mode not in {"RGB", "L"}:
            raise TransformError(
                f"{self.id} edits images of mode RGB or L, not {image.mode}; convert the image"
            )
        if 0 in image.size:
            raise TransformError(f"{self.id} cannot edit an image of {image.width}x{image.height}")
        own = image.copy()
        own.info = {}
        edited = self._edit(own, rng)
        edited.info = {}
        return edited

    @abstractmethod
    def _edit(self, image: Image.Image, rng: Generator) -> Image.Image:
        """Edit an image that belongs to the transform, in place or not."""
