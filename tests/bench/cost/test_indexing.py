"""Bulk requests into real indices."""

import numpy as np
import pandas as pd
import pytest

from bench.cost.indexing import measure_indexing, summarize_indexing
from bench.cost.settings import TIMED, Cost, Indexing
from bench.runs.errors import IndexStateError
from tests.shared import WORKER

ARRAY = f"cost{WORKER}_array"
NONE = f"cost{WORKER}_none"

COST = Cost(indexing=Indexing(batches=3, documents=120), resamples=200)


@pytest.mark.engine
def test_every_batch_of_every_variant_is_timed(engine, loaded):
    done: list[int] = []
    samples = measure_indexing(
        engine.client, loaded.variants, loaded.signed, COST, "run", done.append
    )
    assert samples["variant"].to_list() == [ARRAY] * 3 + [NONE] * 3
    assert samples["batch"].to_list() == [0, 1, 2] * 2
    assert (samples["documents"] == 120).all()
    assert (samples["seconds"] > 0).all()
    assert sum(done) == 8
    for variant in loaded.variants:
        assert not engine.client.indices.exists(index=variant.index_name + TIMED)


@pytest.mark.engine
def test_somebody_elses_index_stays(engine, loaded):
    engine.client.index(index=f"{NONE}{TIMED}", id="1", document={"mine": 1}, refresh=True)
    try:
        with pytest.raises(IndexStateError, match="left untouched"):
            measure_indexing(engine.client, loaded.variants, loaded.signed, COST, "run")
        assert engine.client.get(index=f"{NONE}{TIMED}", id="1")["_source"] == {"mine": 1}
        assert not engine.client.indices.exists(index=f"{ARRAY}{TIMED}")
    finally:
        engine.client.indices.delete(index=f"{NONE}{TIMED}")


def test_summary_by_hand():
    samples = pd.DataFrame(
        {
            "variant": np.repeat(["first", "second"], 3),
            "batch": [0, 1, 2] * 2,
            "documents": 100,
            "seconds": [1.0, 2.0, 4.0, 0.25, 0.5, 1.0],
        }
    )
    table = summarize_indexing(samples, COST).set_index("variant")
    assert table["documents_per_second"].to_dict() == {"first": 50, "second": 200}
    assert table.loc["second", ["ratio_to_first", "low", "high"]].to_list() == [4, 4, 4]
    assert table.loc["first", "ratio_to_first"] == 1
