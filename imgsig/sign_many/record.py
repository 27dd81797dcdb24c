"""What became of one file."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from imgsig.file_names import written_name

#: What may become of a file.
OUTCOMES = {
    "ok": "it was signed",
    "corrupt": "it is damaged, empty, or has more pixels than allowed",
    "not a picture": "it is in none of the formats that are read",
    "missing": "there is no such file",
    "unreadable": "no permission, a directory, a pipe, or an error of the disk",
    "too large": "the file alone is larger than the memory allowed",
    "out of memory": "decoding it took more than the memory allowed",
    "timed out": "it took longer than allowed",
    "worker died": "twice: a crash of the decoder, or a kill from outside",
}


@dataclass(frozen=True)
class SignedFile:
    """The signature of a file, or why there is none.

    Parameters
    ----------
    path : str
        As it was given.
    outcome : str
        One of `OUTCOMES`.
    signature : ndarray or None
        ``int8[length]``; None unless the outcome is ``ok``.
    reason : str
        Why there is none, in words; "" where there is.
    sha256 : str
        Hexadecimal hash of the file's content; "" where it was not read to its end.
    seconds : float
        Reading, hashing and signing in the worker; NaN where the worker did not live to tell.
    from_cache : bool
        Whether the signature (or the reason) is of an earlier time.
    """

    path: str
    outcome: str
    signature: NDArray[np.int8] | None = None
    reason: str = ""
    sha256: str = ""
    seconds: float = float("nan")
    from_cache: bool = False

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            raise ValueError(f"outcome {self.outcome!r} is none of {', '.join(OUTCOMES)}")
        if (self.signature is None) == (self.outcome == "ok"):
            raise ValueError(f"a file that is {self.outcome!r} with signature {self.signature}")

    @property
    def is_ok(self) -> bool:
        """Whether there is a signature."""
        return self.signature is not None

    def after(self, seconds: float) -> Self:
        """The same, with the time it took."""
        return replace(self, seconds=seconds)

    def describe(self) -> dict[str, Any]:
        """JSON-ready: the signature as a list, NaN as None, the path as `written_name` has it.

        Examples
        --------
        >>> SignedFile("a.jpg", "missing", reason="no such file").describe()["outcome"]
        'missing'
        """
        return {
            "path": written_name(self.path),
            "outcome": self.outcome,
            "reason": self.reason,
            "sha256": self.sha256,
            "seconds": None if np.isnan(self.seconds) else round(self.seconds, 6),
            "from_cache": self.from_cache,
            "signature": None if self.signature is None else self.signature.tolist(),
        }
