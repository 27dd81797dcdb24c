"""Distance without building whole signatures: on the free values, and on stored forms.

A regular signature holds every free value twice, as itself and negated, so squared norms over all
648 values are twice those over the 272. Both are whole numbers, and the distance comes out the same
to the last bit.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imgsig.codecs.base import Codec
from imgsig.codecs.fixed_size import FixedSizeCodec
from imgsig.distance import normalized_distance
from imgsig.errors import ConfigError
from imgsig.strips import HalfStrip

#: Sums of whole numbers below this are exact in single precision, in any order.
_EXACT = 2**24


def half_distance(values: ArrayLike, query: ArrayLike, nan_value: float = 1.0) -> NDArray[Any]:
    """Normalised distance of regular signatures, from their free values alone.

    Parameters
    ----------
    values : array_like
        ``int8[m, count]``: kept values of the strip ``half``.
    query : array_like
        ``int8[count]``, or ``int8[q, count]`` for many queries at once.
    nan_value : float
        Stands for 0/0, two featureless pictures.

    Returns
    -------
    ndarray
        ``float64[m]``, or ``float64[q, m]``: what `imgsig.normalized_distance` gives for the whole
        signatures, to the last bit.

    Raises
    ------
    ValueError
        If the numbers of values differ.

    Examples
    --------
    >>> values = np.array([[2, 0, -1], [0, 0, 0]], dtype=np.int8)
    >>> half_distance(values, values[0]).tolist()
    [0.0, 1.0]
    """
    many = np.atleast_2d(np.asarray(values))
    queries = np.atleast_2d(np.asarray(query))
    if many.shape[1] != queries.shape[1]:
        raise ValueError(
            f"values {many.shape} and query {np.shape(query)} must have the same number of values"
        )
    largest = max(int(np.abs(array.astype(np.int16)).max(initial=0)) for array in (many, queries))
    exact = np.dtype(np.float32 if largest**2 * many.shape[1] < _EXACT else np.float64)
    a: NDArray[Any] = many.astype(exact)
    b: NDArray[Any] = queries.astype(exact)
    squares_a = np.einsum("ij,ij->i", a, a).astype(np.float64)
    squares_b = np.einsum("ij,ij->i", b, b).astype(np.float64)
    apart = squares_b[:, np.newaxis] + squares_a - 2 * (b @ a.T).astype(np.float64)
    norms = np.sqrt(2 * squares_b)[:, np.newaxis] + np.sqrt(2 * squares_a)
    distances = np.full(apart.shape, nan_value)
    np.divide(np.sqrt(2 * apart), norms, out=distances, where=norms > 0)
    return distances[0] if np.ndim(query) == 1 else distances


def stored_distance(
    codec: Codec, stored: Sequence[Any], signature: ArrayLike, nan_value: float = 1.0
) -> NDArray[np.float64]:
    """Normalised distance of stored signatures from a query's.

    Parameters
    ----------
    codec : Codec
        What they were stored by; over the strip ``half`` no whole signature is built.
    stored : sequence
        m stored forms.
    signature : array_like
        ``int8[length]``: the query, whole.
    nan_value : float
        Stands for 0/0.

    Returns
    -------
    ndarray
        ``float64[m]``, to the last bit what `imgsig.normalized_distance` gives for the decoded
        signatures.

    Raises
    ------
    CodecError
        If the codec did not write a form.
    ConfigError
        If the codec stores nothing.

    Examples
    --------
    >>> from imgsig.codecs import get_codec
    >>> codec = get_codec({"id": "packed", "strip": "half"})
    >>> stored_distance(codec, [codec.encode([0] * 648)], [0] * 648).tolist()
    [1.0]
    """
    if codec.stored_type is type(None):
        raise ConfigError(f"{codec!r} stores nothing that has a distance")
    query = np.asarray(signature)
    half = HalfStrip(codec.grid)
    regular = half.is_regular(query[np.newaxis].astype(np.int8))[0]
    if regular and isinstance(codec, FixedSizeCodec) and isinstance(codec.strip, HalfStrip):
        values = codec.decode_kept(stored)
        if values is not None:
            distances: NDArray[np.float64] = half_distance(values, query[half.kept], nan_value)
            return distances
    return normalized_distance(codec.decode_batch(stored), query, nan_value)
