"""Distance between signatures."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def normalized_distance(
    signatures: ArrayLike, query: ArrayLike, nan_value: float = 1.0
) -> NDArray[np.float64]:
    """Normalised distance ``‖a − b‖ / (‖a‖ + ‖b‖)`` of signatures from a query.

    0 is the same signature, 1 an opposite one. The norms are square roots of whole numbers that are
    summed exactly, so the result does not depend on the order of summation and equals the
    reference's to the last bit.

    Parameters
    ----------
    signatures : array_like
        ``int8[m, length]`` (or ``int8[length]``, taken as m = 1).
    query : array_like
        ``int8[length]``.
    nan_value : float
        Stands for 0/0, two featureless pictures; 1.0 keeps them apart, as the reference does.

    Returns
    -------
    ndarray
        ``float64[m]``.

    Raises
    ------
    ValueError
        If the lengths differ.

    Examples
    --------
    >>> a = np.array([[2, 0, -1], [0, 0, 0]], dtype=np.int8)
    >>> normalized_distance(a, a[0]).tolist()
    [0.0, 1.0]
    >>> normalized_distance(a, a[1]).tolist()
    [1.0, 1.0]
    """
    many = np.atleast_2d(np.asarray(signatures)).astype(np.int64)
    one = np.asarray(query).astype(np.int64)
    if one.ndim != 1 or many.ndim != 2 or many.shape[1] != one.shape[0]:
        raise ValueError(
            f"signatures {np.shape(signatures)} and query {one.shape} must have the same number of "
            "values, as int8[m, length] and int8[length]"
        )
    difference = many - one
    apart = np.sqrt(np.einsum("ij,ij->i", difference, difference))
    norms = np.sqrt(np.einsum("ij,ij->i", many, many)) + np.sqrt(one @ one)
    distances = np.full(len(many), nan_value)
    np.divide(apart, norms, out=distances, where=norms > 0)
    return distances
