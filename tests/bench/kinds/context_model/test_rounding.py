import numpy as np
import pytest

from bench.kinds.context_model.neighbors import neighbors
from bench.kinds.context_model.network import CEILING, Network, inputs, likelihoods, place_features
from bench.kinds.context_model.rounding import rounded_model
from bench.kinds.context_model.train import coded_values
from imgsig.codecs.context_geometry import edges
from imgsig.codecs.context_model import PRECISIONS, VALUES


def networks(scale: float) -> list[Network]:
    rng = np.random.default_rng(0)
    shapes = ((4 * 4 + 9, 6), (6, 5), (5,))
    return [
        Network(*(rng.normal(0, scale, s).astype(np.float32) for s in shapes)) for _ in range(4)
    ]


def test_rounded_model_is_close_to_the_networks(crops):
    values = coded_values(crops.signatures[:20])
    model = rounded_model(networks(0.4), neighbors(4))
    planes = model.new_planes(20)
    planes[:, :-1] = VALUES[:, np.newaxis, np.newaxis] == values[:, :-1].T
    for step in (0, 5, 100, 200):
        way = int(edges().directions[step])
        network = networks(0.4)[way]
        steps = np.flatnonzero(edges().directions == way)
        context = edges().context(neighbors(4)[way], way)[int(np.flatnonzero(steps == step)[0])]
        places = np.repeat(place_features(edges().points[step : step + 1]), 20, axis=0)
        active = np.clip(inputs(values[:, context], places) @ network.hidden, 0, CEILING)
        shares = np.diff(model.cumulative(step, planes).astype(np.int64), axis=0)
        expected = likelihoods(network, active).T
        np.testing.assert_allclose(shares / 2 ** PRECISIONS[step], expected, atol=0.05)


def test_weights_that_do_not_fit_are_refused():
    with pytest.raises(OverflowError, match="train again"):
        rounded_model(networks(1e4), neighbors(4))
