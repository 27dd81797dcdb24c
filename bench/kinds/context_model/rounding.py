"""From trained networks to the whole numbers that the codec computes with."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.kinds.context_model.network import Network, place_features
from imgsig.codecs.context_geometry import edges
from imgsig.codecs.context_model import UNIT, ContextModel, exponential_table


def rounded_model(networks: Sequence[Network], offsets: Sequence[NDArray[np.int8]]) -> ContextModel:
    """Round the weights of the four networks to multiples of 1 / `UNIT`."""
    where = edges()
    bias = np.zeros((len(where.order), networks[0].hidden.shape[1]))
    for way, (network, offset) in enumerate(zip(networks, offsets, strict=True)):
        steps = where.directions == way
        bias[steps] = place_features(where.points[steps]) @ network.hidden[4 * len(offset) :]
    return ContextModel(
        offsets=tuple(offsets),
        hidden=tuple(
            _whole(network.hidden[: 4 * len(offset)].T * UNIT, np.int16)
            for network, offset in zip(networks, offsets, strict=True)
        ),
        bias=_whole(bias * UNIT, np.int16),
        output=tuple(_whole(network.output.T * UNIT, np.int16) for network in networks),
        output_bias=tuple(_whole(network.output_bias * UNIT**2, np.int32) for network in networks),
        exponentials=exponential_table(),
    )


def _whole(values: NDArray[Any], dtype: type[np.int16] | type[np.int32]) -> NDArray[Any]:
    largest = np.abs(values).max()
    if largest > np.iinfo(dtype).max:
        raise OverflowError(f"a weight of {largest} does not fit {dtype.__name__}; train again")
    whole: NDArray[Any] = np.rint(values).astype(dtype)
    return whole
