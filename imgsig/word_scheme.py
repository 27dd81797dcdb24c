"""Which words are taken of a signature: how many, how long, of what alphabet, where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgsig.config_keys import check_keys
from imgsig.errors import ConfigError
from imgsig.grid import Grid
from imgsig.strips import get_strip
from imgsig.words import check_word_parameters, cut_words, word_positions

#: Symbols of a word's digits: the sign of a value, or the value itself.
ALPHABETS = {"ternary": 3, "quinary": 5}


@dataclass(frozen=True)
class WordScheme:
    """How words are cut out of signatures. The default is image-match's.

    Parameters
    ----------
    N, k : int
        Word count and word length.
    alphabet : {"ternary", "quinary"}
        Values are squeezed to −1/0/1 ("max contrast", the reference's), or taken as they are,
        −2 to 2.
    spacing : {"even", "disjoint"} or tuple of int
        Where words begin: evenly spaced over the values (the reference's; they overlap where
        ``N · k`` exceeds them), one behind the other (``0, k, 2k, …``), or at chosen positions,
        ascending.
    strip : str
        Which values words are taken of, see `imgsig.strips`; ``none`` is the reference's.
    grid : Grid
        Geometry of the signature.

    Raises
    ------
    ConfigError
        If there are no such words; the message names the limit.

    Examples
    --------
    >>> WordScheme().is_reference
    True
    >>> WordScheme(N=17, k=16, spacing="disjoint", strip="half").positions[-1]
    np.int64(256)
    >>> WordScheme(N=2, k=3, spacing=(0, 300)).get_config()
    {'N': 2, 'k': 3, 'spacing': [0, 300]}
    """

    N: int = 63
    k: int = 16
    alphabet: str = "ternary"
    spacing: str | tuple[int, ...] = "even"
    strip: str = "none"
    grid: Grid = field(default_factory=Grid)

    def __post_init__(self) -> None:
        if not isinstance(self.alphabet, str) or self.alphabet not in ALPHABETS:
            raise ConfigError(
                f"alphabet must be one of {', '.join(ALPHABETS)}, not {self.alphabet!r}"
            )
        check_word_parameters(self.k, self.N, self.length)
        if self.base**self.k > 2**63:
            longest = int(63 / np.log2(self.base))
            raise ConfigError(
                f"k = {self.k} is impossible with {self.base} symbols: words of more than "
                f"{longest} values do not fit a 64-bit integer; shorten k"
            )
        if isinstance(self.spacing, str):
            self._check_named_spacing()
        elif isinstance(self.spacing, Iterable):
            object.__setattr__(self, "spacing", tuple(self.spacing))
            self._check_chosen_positions()
        else:
            self._refuse_spacing()

    def _check_named_spacing(self) -> None:
        if self.spacing not in ("even", "disjoint"):
            self._refuse_spacing()
        if self.spacing == "disjoint" and self.N * self.k > self.length:
            raise ConfigError(
                f"{self.N} disjoint words of {self.k} values need {self.N * self.k} values; strip "
                f"{self.strip!r} leaves {self.length}. Lower N or k, or space them evenly"
            )

    def _refuse_spacing(self) -> NoReturn:
        raise ConfigError(
            f"spacing must be even, disjoint or a list of positions, not {self.spacing!r}"
        )

    def _check_chosen_positions(self) -> None:
        chosen: list[Any] = list(self.spacing)
        whole = all(type(position) is int for position in chosen)
        if not whole or len(chosen) != self.N or chosen != sorted(set(chosen)):
            raise ConfigError(
                f"spacing must list N = {self.N} positions, ascending, each once; not {chosen}"
            )
        if not (chosen[0] >= 0 and chosen[-1] < self.length):
            raise ConfigError(f"positions are 0 to {self.length - 1}, not {chosen}")

    @property
    def base(self) -> int:
        """Number of symbols, 3 or 5."""
        return ALPHABETS[self.alphabet]

    @property
    def length(self) -> int:
        """Number of values that words are taken of."""
        return get_strip(self.strip, self.grid).count

    @property
    def positions(self) -> NDArray[np.int64]:
        """Where each word begins among the kept values; ``int64[N]``, ascending."""
        if self.spacing == "even":
            return word_positions(self.N, self.length).astype(np.int64)
        if self.spacing == "disjoint":
            return np.arange(self.N, dtype=np.int64) * self.k
        return np.array(self.spacing, dtype=np.int64)

    @property
    def is_reference(self) -> bool:
        """Whether the words are those that image-match computes for this N and k."""
        return (self.alphabet, self.spacing, self.strip) == ("ternary", "even", "none")

    def words(self, signatures: ArrayLike) -> NDArray[np.int64]:
        """Take the words of one signature, or of a batch.

        Parameters
        ----------
        signatures : array_like
            ``int8[length]``, or ``int8[m, length]``.

        Returns
        -------
        ndarray
            ``int64[N]``, or ``int64[m, N]``; each in ``0 .. base^k − 1``, the first value the least
            significant digit, runs past the end filled with zeros.

        Raises
        ------
        ConfigError
            If the signatures have another length than the grid gives.

        Examples
        --------
        >>> from imgsig import get_words
        >>> signature = np.tile(np.array([-2, -1, 0, 1, 2, 0], dtype=np.int8), 108)
        >>> (WordScheme().words(signature) == get_words(signature)).all()
        np.True_
        >>> WordScheme(N=1, k=3, alphabet="quinary").words(signature).tolist()
        [55]
        """
        values = np.asarray(signatures, dtype=np.int8)
        if values.shape[-1] != self.grid.length:
            raise ConfigError(
                f"signatures have {values.shape[-1]} values; this grid's have {self.grid.length}"
            )
        if self.strip != "none":
            values = values[..., get_strip(self.strip, self.grid).kept]
        half = self.base // 2
        return cut_words(np.clip(values, -half, half), self.positions, self.k, self.base)

    def get_config(self) -> dict[str, Any]:
        """Canonical form, JSON-ready: N, k and what is not the reference's; the grid left out."""
        config: dict[str, Any] = {"N": self.N, "k": self.k}
        if self.alphabet != "ternary":
            config["alphabet"] = self.alphabet
        if self.spacing != "even":
            spacing = self.spacing
            config["spacing"] = spacing if isinstance(spacing, str) else list(spacing)
        if self.strip != "none":
            config["strip"] = self.strip
        return config

    @classmethod
    def from_config(cls, config: Mapping[str, Any], grid: Grid | None = None) -> Self:
        """Build a scheme from what `get_config` gave; what is left out is the reference's.

        Raises
        ------
        ConfigError
            If a key is unknown or a value impossible.
        """
        check_keys(config, ("N", "k", "alphabet", "spacing", "strip"), "a word scheme")
        return cls(**config, grid=grid if grid is not None else Grid())
