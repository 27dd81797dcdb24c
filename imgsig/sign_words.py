"""The signs of a signature from its words alone."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgsig.errors import CodecError
from imgsig.grid import Grid
from imgsig.words import check_word_parameters, word_positions

_DEFAULT = Grid()


def known_signs(k: int = 16, N: int = 63, grid: Grid = _DEFAULT) -> NDArray[np.bool_]:
    """Which values' signs the words hold.

    Parameters
    ----------
    k, N : int
        Word length and word count.
    grid : Grid
        Geometry of the signature.

    Returns
    -------
    ndarray
        ``bool[length]``: True for values in a word, for those whose mirror is in a word, and for
        those off the grid, which are 0.

    Examples
    --------
    >>> known_signs().all(), int(known_signs(k=10, N=40).sum())
    (np.True_, 594)
    """
    check_word_parameters(k, N, grid.length)
    positions = word_positions(N, grid.length)[:, np.newaxis] + np.arange(k)
    known = ~grid.on_grid
    known[positions[positions < grid.length]] = True
    inside = np.flatnonzero(grid.on_grid)
    known[inside] |= known[grid.partner[inside]]
    return known


def signs_from_words(words: ArrayLike, k: int = 16, grid: Grid = _DEFAULT) -> NDArray[np.int8]:
    """Recover −1, 0 or 1 for each value of the signature that words were taken of.

    With the default parameters words overlap, so that they hold every sign: an index without the
    signature can still rank by a distance of signs.

    Parameters
    ----------
    words : array_like
        ``int64[N]``, or ``int64[m, N]`` for a batch, as `imgsig.get_words` returned them.
    k : int
        Word length.
    grid : Grid
        Geometry of the signature.

    Returns
    -------
    ndarray
        ``int8[length]`` or ``int8[m, length]``; 0 where `known_signs` is False.

    Raises
    ------
    ConfigError
        If k or N is impossible.
    CodecError
        If a word is outside ``0 .. 3^k − 1``, or words disagree about a value: they are not the
        words of one signature.

    Examples
    --------
    >>> from imgsig import generate_signature, get_words
    >>> signature = generate_signature(np.random.default_rng(0).random((90, 120)))
    >>> np.array_equal(signs_from_words(get_words(signature)), np.sign(signature))
    True
    """
    rest = np.asarray(words)
    if rest.ndim not in (1, 2) or rest.dtype.kind not in "iu":
        raise CodecError(f"words are int64[N] or int64[m, N], not {rest.dtype}{list(rest.shape)}")
    N, length = rest.shape[-1], grid.length
    check_word_parameters(k, N, length)
    if rest.size and (rest.min() < 0 or rest.max() >= 3**k):
        raise CodecError(f"words of {k} values lie in 0..{3**k - 1}; is k right?")
    rest = np.atleast_2d(rest).astype(np.int64)
    positions = word_positions(N, length)
    signs = np.zeros((len(rest), length + k), dtype=np.int8)
    seen = np.zeros(length + k, dtype=np.bool_)
    seen[length:] = True
    for i in range(k):
        rest, digit = np.divmod(rest, 3)
        sign = (digit - 1).astype(np.int8)
        at = positions + i
        if (signs[:, at] != sign)[:, seen[at]].any():
            raise CodecError("words disagree about a value: they are not of one signature")
        signs[:, at] = sign
        seen[at] = True
    signs = signs[:, :length]
    inside = np.flatnonzero(grid.on_grid)
    mirrored = inside[~seen[inside] & seen[grid.partner[inside]]]
    signs[:, mirrored] = -signs[:, grid.partner[mirrored]]
    return signs[0] if np.ndim(words) == 1 else signs
