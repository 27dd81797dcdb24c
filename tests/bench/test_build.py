"""Stages are done once, and again where their result is gone."""

import numpy as np
import pandas as pd
import pytest

from bench.build import VariantState, build, measure, search
from bench.errors import IndexStateError
from bench.run_folder import read_json, write_json
from bench.sign import Signed
from bench.storage import Loaded, read_loaded
from bench.variant import Variant
from bench.verification import Verification

pytestmark = pytest.mark.engine


def signed_of(signatures: np.ndarray, status: str = "ok") -> Signed:
    queries = pd.DataFrame({"query": range(5), "status": [status] * 5})
    return Signed(pd.DataFrame(), queries, signatures, signatures[:5], {})


@pytest.fixture
def state(index_name, tmp_path) -> VariantState:
    return VariantState(Variant(20, 10, {"id": "none"}, name=index_name), tmp_path, "run")


def test_a_complete_index_is_kept_and_a_lost_one_rebuilt(engine, state, signatures):
    client, signed = engine.client, signed_of(signatures[:40])
    build(client, state, signed, lambda done: None)
    first = client.indices.get_settings(index=state.variant.index_name)
    build(client, state, signed, lambda done: None)
    assert client.indices.get_settings(index=state.variant.index_name) == first
    client.indices.delete(index=state.variant.index_name)
    write_json(state.folder / "storage.json", {"of": "the index that is gone"})
    build(client, state, signed, lambda done: None)
    assert client.count(index=state.variant.index_name)["count"] == 40
    assert not (state.folder / "storage.json").exists()


def test_an_incomplete_index_is_rebuilt(engine, state, signatures):
    signed = signed_of(signatures[:40])
    build(engine.client, state, signed, lambda done: None)
    (state.folder / "loaded.json").unlink()
    engine.client.delete(index=state.variant.index_name, id="3", refresh=True)
    build(engine.client, state, signed, lambda done: None)
    assert engine.client.count(index=state.variant.index_name)["count"] == 40


def test_the_size_right_after_loading_is_kept_for_settling(engine, state, signatures):
    build(engine.client, state, signed_of(signatures[:40]), lambda done: None)
    marker = read_json(state.folder / "loaded.json")
    loaded = Loaded.from_json(marker["loaded"])
    assert loaded == read_loaded(engine.client, state.variant.index_name)
    assert loaded.size.segments == 2
    engine.client.indices.forcemerge(index=state.variant.index_name, max_num_segments=1)
    build(engine.client, state, signed_of(signatures[:40]), lambda done: None)
    assert read_json(state.folder / "loaded.json") == marker


def test_searching_is_remembered(engine, state, signatures):
    assert state.verification is None
    signed, done = signed_of(signatures[:40]), []
    build(engine.client, state, signed, lambda done: None)
    search(engine.client, state, signed, 10, done.append)
    candidates, timings = state.results()
    assert state.is_searched
    assert state.verification == Verification(len(candidates), exact=True, recall=1.0)
    engine.client.indices.delete(index=state.variant.index_name)
    search(engine.client, state, signed, 10, done.append)
    pd.testing.assert_frame_equal(state.results()[0], candidates)
    assert len(timings) == 5
    assert sum(done) == 10


def test_no_query_at_all_is_an_error(engine, state, signatures):
    with pytest.raises(IndexStateError, match="no query could be signed"):
        search(engine.client, state, signed_of(signatures[:40], "failed"), 10, lambda done: None)


def test_several_shards_and_replicas_are_configuration(engine, state, signatures):
    client, index = engine.client, state.variant.index_name
    signed = signed_of(signatures[:120])
    build(client, state, signed, lambda done: None, shards=3, replicas=1)
    settings = client.indices.get_settings(index=index)[index]["settings"]["index"]
    assert (settings["number_of_shards"], settings["number_of_replicas"]) == ("3", "1")
    measure(client, state, signed)
    assert (state.storage.size.shards, state.storage.size.segments) == (3, 3)
    search(client, state, signed, 10, lambda done: None, shards=3)
    assert state.verification.recall == 1.0
