"""What every transform is: a family, a strength, and an edited copy of a picture."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.random import Generator
from PIL import Image

from datasets.errors import TransformError

DECIMALS = 4  # of a strength, so that ids are short, exact and parsed back to the same number

#: An edit: of an image that it may change in place, by a strength, with a source of randomness.
Edit = Callable[[Image.Image, float, Generator], Image.Image]


@dataclass(frozen=True)
class Family:
    """One way to edit pictures, at any strength within its limits.

    A family has one number at most. What needs another constant is another family, so that an id
    such as ``jpeg-30`` says everything.

    Parameters
    ----------
    family : str
        Its name, unique in the registry: lower case, may contain hyphens.
    edit : callable
        Takes the image, which it may change in place, the strength and a
        `numpy.random.Generator`, and returns the edited image. A function of a module, so that
        worker processes can import it.
    meaning : str
        What the strength counts, with its unit.
    limits : tuple of float
        Smallest and largest strength allowed, both included. Left out, the family has no strength:
        its transform is applied or not, and has the strength 0.
    neutral : float
        Strength at which nothing visible happens; the farther from it, the stronger the edit.
    typical : float
        Strength that shows the family on a sheet.
    step : float or None
        Strengths are multiples of it, such as whole numbers; None takes any.
    """

    family: str
    edit: Edit
    meaning: str = "no strength"
    limits: tuple[float, float] = (0, 0)
    neutral: float = 0
    typical: float = 0
    step: float | None = None

    def __call__(self, strength: float = 0) -> "Transform":
        """The transform of that strength; `TransformError` if there is none."""
        return Transform(self, strength)

    @property
    def takes_strength(self) -> bool:
        """Whether the family has a number at all."""
        return self.limits != (0, 0)

    def from_config(self, config: Mapping[str, Any]) -> "Transform":
        """Build a transform of this family from what `Transform.get_config` gave.

        ``family`` is not looked at. `TransformError` if the strength is missing, superfluous or out
        of range, or another key is there.
        """
        parameters = {key: value for key, value in config.items() if key != "family"}
        expected = {"strength"} if self.takes_strength else set()
        if unknown := set(parameters) - expected:
            allowed = "only strength" if expected else "no parameter"
            raise TransformError(
                f"{self.family} takes {allowed}, not {', '.join(sorted(map(str, unknown)))}"
            )
        if expected - set(parameters):
            low, high = self.limits
            raise TransformError(
                f"{self.family} needs a strength ({self.meaning}: {low:g} to {high:g}), such as"
                f" {self.family}-{self.typical:g}"
            )
        return self(**parameters)

    def checked(self, strength: object) -> float:
        """The strength as a float; `TransformError` if it is not within the limits and steps."""
        low, high = self.limits
        rule = f"{self.meaning}: {low:g} to {high:g}"
        if isinstance(strength, bool) or not isinstance(strength, int | float):
            raise TransformError(
                f"strength of {self.family} must be a number ({rule}), not {strength!r}"
            )
        if not low <= strength <= high:  # also refuses NaN
            raise TransformError(
                f"strength of {self.family} must be in range ({rule}), not {strength!r}"
            )
        if not math.isclose(strength, round(strength, DECIMALS), rel_tol=0, abs_tol=1e-12):
            raise TransformError(
                f"strength of {self.family} may have {DECIMALS} decimals, not {strength!r};"
                " round it"
            )
        if self.step is not None and strength % self.step:
            kind = "a whole number" if self.step == 1 else f"a multiple of {self.step:g}"
            raise TransformError(f"strength of {self.family} must be {kind}, not {strength!r}")
        return round(float(strength), DECIMALS)


@dataclass(frozen=True, repr=False)
class Transform:
    """A way to edit a picture; family and strength are its identity.

    Parameters
    ----------
    of : Family
        The kind of edit.
    strength : float
        What the family's `meaning` says, within its `limits`, with four decimals at most.

    Raises
    ------
    TransformError
        If the strength is not a number within the limits, or no multiple of the step.
    """

    of: Family
    strength: float = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "strength", self.of.checked(self.strength))

    def __repr__(self) -> str:
        return f"<Transform {self.id}>"

    @property
    def family(self) -> str:
        """Name of the kind of edit."""
        return self.of.family

    @property
    def id(self) -> str:
        """Family and strength, such as ``jpeg-30`` or ``noise-0.05``; unique and stable."""
        if not self.of.takes_strength:
            return self.family
        return f"{self.family}-{self.strength:.{DECIMALS}f}".rstrip("0").rstrip(".")

    def get_config(self) -> dict[str, Any]:
        """Canonical, JSON-able form: equal transforms have equal configs.

        ``family`` and, where the family has one, ``strength`` (an int where it is whole).
        """
        if not self.of.takes_strength:
            return {"family": self.family}
        whole = self.strength.is_integer()
        return {"family": self.family, "strength": int(self.strength) if whole else self.strength}

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
            Of the same mode, except for ``grey``. It carries pixels only: no EXIF, no profile.

        Raises
        ------
        TransformError
            If the image has another mode or no pixel, or more of them than the edit can hold.
        """
        if image.mode not in {"RGB", "L"}:
            raise TransformError(
                f"{self.id} edits images of mode RGB or L, not {image.mode}; convert the image"
            )
        if 0 in image.size:
            raise TransformError(f"{self.id} cannot edit an image of {image.width}x{image.height}")
        own = image.copy()
        own.info = {}
        try:
            edited = self.of.edit(own, self.strength, rng)
        except TransformError as error:
            raise TransformError(f"{self.id} {error}") from error
        edited.info = {}
        return edited
