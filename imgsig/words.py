"""Words: overlapping runs of a signature as integers that a search engine can match."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgsig.errors import ConfigError

#: Longest words that the two integer types hold: 3^19 < 2^31 and 3^39 < 2^63.
MAX_K_INT32 = 19
MAX_K_INT64 = 39


def check_word_parameters(k: int, N: int, length: int = 648) -> None:
    """Check that N words of length k can be taken of a signature.

    Parameters
    ----------
    k, N : int
        Word length and word count.
    length : int
        Number of values in the signature.

    Raises
    ------
    ConfigError
        If they cannot; the message names the limit.
    """
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

    Parameters
    ----------
    N : int
        Number of words.
    length : int
        Number of values in the signature.

    Returns
    -------
    ndarray
        ``intp[N]``, ascending.

    Examples
    --------
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

    Parameters
    ----------
    values : ndarray
        ``int8[..., length]`` in ``−(base // 2) .. base // 2``.
    positions : ndarray
        ``intp[N]``, each below the length.
    k : int
        Word length.
    base : int
        Number of symbols, odd.

    Returns
    -------
    ndarray
        ``int64[..., N]``.

    Examples
    --------
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
