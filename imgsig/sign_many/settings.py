"""How files are signed: what a worker needs to know."""

from dataclasses import dataclass, field
from pathlib import Path

from imgsig.config import SignatureConfig
from imgsig.errors import ConfigError
from imgsig.image import MAX_PIXELS


@dataclass(frozen=True)
class Settings:
    """What holds for every file of a call.

    Parameters
    ----------
    config : SignatureConfig
        Of the signatures.
    max_pixels : int
        Larger pictures are refused before they are decoded.
    seconds : float
        A file that takes longer is given up.
    memory : int
        Bytes a worker may take beyond what it has when it starts.
    cache : Path or None
        File of the cache.

    Raises
    ------
    ConfigError
        If a limit is not positive.
    """

    config: SignatureConfig = field(default_factory=SignatureConfig)
    max_pixels: int = MAX_PIXELS
    seconds: float = 60.0
    memory: int = 2 * 2**30
    cache: Path | None = None

    def __post_init__(self) -> None:
        for name in ("max_pixels", "seconds", "memory"):
            if not (value := getattr(self, name)) > 0:
                raise ConfigError(f"{name} = {value!r} is impossible: it must be above 0")
