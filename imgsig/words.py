"""Words: runs of a signature as integers that a search engine can match, and which are taken."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgsig.config import check_keys
from imgsig.errors import ConfigError
from imgsig.grid import Grid
from imgsig.strips import get_strip

#: Longest words that the two integer types hold: 3^19 < 2^31 and 3^39 < 2^63.
MAX_K_INT32 = 19
MAX_K_INT64 = 39


def check_word_parameters(k: int, N: int, length: int = 648) -> None:
    """Refuse N words of length k that no signature has; the `ConfigError` names the limit."""
    for name, value in (("k", k), ("N", N)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer):
            raise ConfigError(f"{name} must be an integer, not {value!r}")
    if not 1 <= k <= min(MAX_K_INT64, length):
        raise ConfigError(
            f"k = {k} is impossible: a word has 1 to {min(MAX_K_INT64, length)} values "
            f"(3^k must fit a 64-bit integer, and the signature has {length} values); shorten k"
        )
    if not 1 <= N <= length:
        raise ConfigError(
            f"N = {N} is impossible: a signature of {length} values has 1 to {length} words, "
            "each at a position of its own; lower N"
        )


def word_positions(N: int, length: int = 648) -> NDArray[np.intp]:
    """Where each word begins: evenly spaced, as the reference rounds them.

    ``i · (length / N)`` in floating point, cut to an integer. Where ``length / N`` is no exact
    binary fraction, a product that should be whole can fall just below: with 147 words of 648
    values the word at 216 begins at 215. An index that image-match wrote has its words there too.

    Gives ``intp[N]``, ascending.

    >>> word_positions(63)[:4].tolist()
    [0, 10, 20, 30]
    >>> word_positions(147)[49].item(), 49 * 648 // 147
    (215, 216)
    """
    return np.linspace(0, length, N, endpoint=False).astype(np.intp)


def get_words(signature: ArrayLike, k: int = 16, N: int = 63) -> NDArray[np.int64]:
    """N words of k values each.

    Values are squeezed to −1/0/1 ("max contrast"), runs past the end are filled with zeros, and a
    word is ``Σ (value_i + 1) · 3^i``: the first value is the least significant digit.

    Parameters
    ----------
    signature : array_like
        ``int8[length]``, or ``int8[m, length]`` for a batch.
    k : int
        Word length, 1..39; ``int32`` columns hold words up to k = 19.
    N : int
        Word count, at most the signature's length.

    Returns
    -------
    ndarray
        ``int64[N]``, or ``int64[m, N]`` for a batch; each in ``0 .. 3^k − 1``.

    Raises
    ------
    ConfigError
        If k or N is impossible.

    Examples
    --------
    >>> get_words(np.array([0, 1, 2, 0, -1, -2, 0, 1], dtype=np.int8), k=3, N=4).tolist()
    [25, 5, 9, 16]
    """
    values = np.asarray(signature)
    length = values.shape[-1]
    check_word_parameters(k, N, length)
    return cut_words(np.sign(values).astype(np.int8), word_positions(N, length), k, base=3)


def cut_words(
    values: NDArray[np.int8], positions: NDArray[np.integer], k: int, base: int
) -> NDArray[np.int64]:
    """Read k values at each position as the digits of a number, the first least significant.

    Values are ``int8[..., length]`` in ``−(base // 2) .. base // 2``, the base is odd, and each of
    ``intp[N]`` positions is below the length. Gives ``int64[..., N]``.

    >>> cut_words(np.array([-1, 0, 1], dtype=np.int8), np.array([0, 2]), k=2, base=3).tolist()
    [3, 5]
    """
    half = base // 2
    # A filled-in zero is the middle digit, like every other zero of the signature.
    digits = np.full((*values.shape[:-1], values.shape[-1] + k), half, dtype=np.int64)
    digits[..., : values.shape[-1]] += values
    words = np.zeros((*values.shape[:-1], len(positions)), dtype=np.int64)
    for i in range(k):
        words += digits[..., positions + i] * base**i
    return words


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
        if isinstance(self.spacing, Iterable) and not isinstance(self.spacing, str):
            object.__setattr__(self, "spacing", tuple(self.spacing))
            self._check_chosen_positions()
        elif self.spacing not in ("even", "disjoint"):
            raise ConfigError(
                f"spacing must be even, disjoint or a list of positions, not {self.spacing!r}"
            )
        elif self.spacing == "disjoint" and self.N * self.k > self.length:
            raise ConfigError(
                f"{self.N} disjoint words of {self.k} values need {self.N * self.k} values; strip "
                f"{self.strip!r} leaves {self.length}. Lower N or k, or space them evenly"
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
