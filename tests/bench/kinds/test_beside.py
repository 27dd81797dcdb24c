"""Times of requests beside the flat scan's."""

import numpy as np
import pandas as pd
import pytest
from elastic_transport import ConnectionError as TransportConnectionError

from bench.engine.client import connect, explain
from bench.kinds.beside import alternate, asked_rows, times
from bench.kinds.sections import Resampling


def test_no_row_is_asked_twice():
    assert sorted(asked_rows(30, 100)) == list(range(30))
    assert len(set(asked_rows(30, 12))) == 12


@pytest.mark.parametrize("engine", ["elasticsearch", "opensearch"])
@pytest.mark.parametrize("body", [{"index": "one"}, [{"index": "one", "source": False}] * 2])
def test_a_lost_connection_is_an_error_not_a_longer_search(answering, engine, body):
    asked = []

    def hang_up(method, path):
        asked.append(path)
        return 0, {}, b""

    with (
        connect(answering(hang_up), engine=engine) as client,
        pytest.raises(TransportConnectionError) as caught,
    ):
        alternate(client, {"one": lambda row: body}, [0])
    assert len(asked) == 1
    assert "run again when it does" in explain(caught.value)


def test_the_ratio_is_of_the_clients_medians():
    flat = pd.DataFrame({"took_ms": np.full(40, 2.0), "latency_ms": np.linspace(4, 6, 40)})
    own = flat.assign(took_ms=[1, 2] * 20, latency_ms=flat["latency_ms"] / 2)
    told = times(own, flat, Resampling(resamples=100))
    assert told["took_mean"] == 1.5
    assert told["latency_p50"] == pytest.approx(2.5)
    assert np.isnan(told["latency_p95"])  # too few searches
    assert told["ratio"] == pytest.approx(0.5)
    assert told["ratio_low"] <= 0.5 <= told["ratio_high"]
