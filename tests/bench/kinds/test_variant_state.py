"""Stages are done once, and again where their result is gone."""

import numpy as np
import pandas as pd
import pytest
from elastic_transport import ConnectionError as TransportConnectionError

from bench.index.storage import Loaded, read_loaded
from bench.index.variant import Variant
from bench.kinds.variant_state import VariantState, build, measure, search
from bench.runs.errors import IndexStateError, MeasurementError, RunError, WrongIndexError
from bench.runs.folder import read_json, write_json
from bench.search.verification import Verification
from bench.signing.sign import Signed
from tests.faults.http_proxy import Rule, proxy_of
from tests.shared import client_at

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


def test_an_index_that_was_left_closed_is_opened(engine, state, signatures):
    client, index, signed = engine.client, state.variant.index_name, signed_of(signatures[:40])
    build(client, state, signed, lambda done: None)
    uuid = client.indices.get_settings(index=index)[index]["settings"]["index"]["uuid"]
    client.indices.close(index=index)
    build(client, state, signed, lambda done: None)
    assert client.count(index=index)["count"] == 40
    assert client.indices.get_settings(index=index)[index]["settings"]["index"]["uuid"] == uuid


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
    assert not state.is_searched
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


@pytest.mark.slow
def test_several_shards_and_replicas_are_configuration(engine, state, signatures, capsys):
    client, index = engine.client, state.variant.index_name
    signed = signed_of(signatures[:120])
    build(client, state, signed, lambda done: None, shards=3, replicas=1)
    # The engine has one node.
    assert f"Not every copy of index {index!r} has found a node in 30s" in capsys.readouterr().err
    settings = client.indices.get_settings(index=index)[index]["settings"]["index"]
    assert (settings["number_of_shards"], settings["number_of_replicas"]) == ("3", "1")
    measure(client, state, signed)
    assert (state.storage.size.shards, state.storage.size.segments) == (3, 3)
    search(client, state, signed, 10, lambda done: None, shards=3)
    assert state.verification.recall == 1.0


@pytest.fixture
def no_leases(monkeypatch):
    """Documents whose ``_source`` is whole leave no copies behind, so no lease matters to them."""
    monkeypatch.setattr("bench.index.storage.wait_for_leases", lambda client, index: 0.0)


def test_an_index_whose_hits_are_wrong_is_rebuilt(engine, state, signatures, no_leases):
    client, index, signed = engine.client, state.variant.index_name, signed_of(signatures[:40])
    build(client, state, signed, lambda done: None)
    measure(client, state, signed)
    other = client.get(index=index, id="20")["_source"]
    client.index(index=index, id="3", document=other, refresh=True)  # none more, none less
    for _ in range(2):  # what is not rebuilt is wrong again
        with pytest.raises(WrongIndexError, match=r"query 3.*: run again to rebuild the index, "):
            search(client, state, signed, 10, lambda done: None)
    assert not state.has_index
    assert not state.is_measured
    build(client, state, signed, lambda done: None)
    measure(client, state, signed)
    search(client, state, signed, 10, lambda done: None)
    assert state.is_finished


@pytest.mark.slow
def test_an_index_that_does_not_settle_is_rebuilt(engine, state, signatures, no_leases):
    client, signed = engine.client, signed_of(signatures[:40])
    build(client, state, signed, lambda done: None)
    client.delete(index=state.variant.index_name, id="3", refresh=True)
    with pytest.raises(WrongIndexError, match=r"39 documents of 40.*run again to rebuild"):
        measure(client, state, signed)
    assert not state.has_index
    build(client, state, signed, lambda done: None)
    assert measure(client, state, signed).size.documents == 40


@pytest.mark.parametrize(
    ("rule", "error"),
    [
        (Rule("_search", 3, times=None, reset="before"), TransportConnectionError),
        (
            Rule("_search", 3, times=None, rewrite=lambda answer: answer | {"timed_out": True}),
            MeasurementError,
        ),
    ],
    ids=["connection lost", "cut short"],
)
def test_an_index_that_nothing_is_wrong_with_stays(engine, state, signatures, rule, error):
    signed = signed_of(signatures[:40])
    build(engine.client, state, signed, lambda done: None)
    before = read_json(state.folder / "loaded.json")
    with proxy_of(engine.url) as proxy, client_at(proxy.url, engine) as through:
        proxy.use(rule)
        with pytest.raises(error):
            search(through, state, signed, 10, lambda done: None)
    build(engine.client, state, signed, lambda done: None)
    assert read_json(state.folder / "loaded.json") == before


def test_a_variant_without_a_figure_is_an_error(tmp_path):
    state = VariantState(Variant(63, 16, {"id": "none"}, name="tester_none"), tmp_path, "run")
    assert not state.is_finished
    with pytest.raises(RunError, match="'tester_none' was not measured"):
        _ = state.storage
