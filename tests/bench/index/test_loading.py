"""A loading that was interrupted goes on, and ends in the index that it would have been."""

import hashlib
import json
import multiprocessing
import time
from dataclasses import replace

import numpy as np
import pytest
from elasticsearch.helpers import scan

from bench.engine.client import connect
from bench.engine.external import settings_from
from bench.index import loading as loading_module
from bench.index.build import CHUNK, create_index
from bench.index.loading import FILE, begun_loading, uuid_of
from bench.index.variant import Variant
from bench.kinds.synthetic.documents import Documents, Held
from bench.kinds.synthetic.model import BLOCK
from bench.kinds.variant_state import VariantState, build, measure
from bench.runs.errors import IndexStateError
from bench.runs.folder import read_json
from imgsig.cluster import ATTEMPTS
from tests.shared import bulk, reached_at

pytestmark = pytest.mark.engine

LENGTH = 6 * CHUNK


class InterruptedLoadingError(Exception):
    """What a kill is, without one."""


@pytest.fixture
def part(signatures) -> Held:
    return Held(np.resize(signatures, (LENGTH, 648)), None)


@pytest.fixture
def state(index_name, tmp_path) -> VariantState:
    return VariantState(Variant(8, 10, {"id": "none"}, name=index_name), tmp_path, "run")


@pytest.fixture(autouse=True)
def noted_at_once(monkeypatch):
    monkeypatch.setattr(loading_module, "EVERY", 0.0)
    monkeypatch.setattr(loading_module, "LEAST", 0)


def interrupted_after(documents):
    """What is called when documents are confirmed, and ends the loading after so many."""
    sent = 0

    def advance(more):
        nonlocal sent
        sent += more
        if sent >= documents:
            raise InterruptedLoadingError

    return advance


def interrupt(client, state, part, after):
    """Load until so many documents are confirmed, which is noted."""
    with pytest.raises(InterruptedLoadingError):
        build(client, state, part, interrupted_after(after))
    done = read_json(state.folder / FILE)["done"]
    assert done >= after
    return done


def in_order(client, index):
    """Of all documents, in the order that breaks ties: number and version."""
    client.indices.refresh(index=index)
    hits = scan(
        client,
        {"sort": [{"_seq_no": "asc"}], "version": True, "_source": False},
        index=index,
        preserve_order=True,
    )
    return [(int(hit["_id"]), hit["_version"]) for hit in hits]


@pytest.mark.parametrize("after", [CHUNK, 3 * CHUNK, LENGTH])
def test_what_is_there_is_not_sent_again(engine, state, part, after):
    client, index = engine.client, state.variant.index_name
    done = interrupt(client, state, part, after)
    uuid = uuid_of(client, index)
    # Confirmed after the last note, and one of a request that was still on its way.
    late = [
        {"_op_type": "index", "_id": str(n), "_version": 1, "_version_type": "external"}
        | {"_source": {"path": "late"}}
        for n in range(min(done + 30, LENGTH) - 1, done - 1, -1)
    ]
    bulk(client, late, index=index)
    progress: list[int] = []
    build(client, state, part, progress.append)
    assert progress == [done] + [CHUNK] * ((LENGTH - done) // CHUNK)
    bulk(client, late, index=index, raise_on_error=False)
    expected = [(n, 1 if n < done else 1 + ATTEMPTS) for n in range(LENGTH)]
    assert in_order(client, index) == expected
    assert client.count(index=index, q="path:late")["count"] == 0
    assert uuid_of(client, index) == uuid
    assert state.has_index
    assert not (state.folder / FILE).exists()


def test_each_start_goes_beyond_the_versions_of_the_one_before(engine, state, part):
    for after in (CHUNK, 2 * CHUNK, 3 * CHUNK):
        interrupt(engine.client, state, part, after)
    build(engine.client, state, part, lambda done: None)
    versions = [version for _, version in in_order(engine.client, state.variant.index_name)]
    starts = [1, 1 + ATTEMPTS, 1 + 2 * ATTEMPTS, 1 + 3 * ATTEMPTS]
    assert versions[::CHUNK] == starts[:3] + [starts[3]] * 3


@pytest.mark.parametrize("what", ["deleted", "a document gone", "mapping", "too many", "unnoted"])
def test_what_cannot_go_on_is_built_anew(engine, state, part, what):
    client, index = engine.client, state.variant.index_name
    interrupt(client, state, part, 2 * CHUNK)
    uuid = uuid_of(client, index)
    if what == "deleted":
        client.indices.delete(index=index)
        create_index(client, state.variant, state.run)
    elif what == "a document gone":
        client.delete(index=index, id="7")
    elif what == "mapping":
        client.indices.put_mapping(index=index, properties={"other": {"type": "long"}})
    elif what == "too many":
        few = Held(part.database[:CHUNK], None)
        assert begun_loading(client, index, "run", state.folder / FILE, len(few.database)) is None
        return
    else:
        (state.folder / FILE).unlink()
    build(client, state, part, lambda done: None)
    assert in_order(client, index) == [(n, 1) for n in range(LENGTH)]
    assert uuid_of(client, index) != uuid


def test_a_few_documents_are_loaded_anew(engine, state, part, monkeypatch):
    monkeypatch.setattr(loading_module, "LEAST", 4 * CHUNK)
    with pytest.raises(InterruptedLoadingError):
        build(engine.client, state, part, interrupted_after(3 * CHUNK))
    assert state.n_loading == 0
    build(engine.client, state, part, lambda done: None)
    versions = [version for _, version in in_order(engine.client, state.variant.index_name)]
    assert versions == [1] * LENGTH


def test_an_index_of_another_run_is_left_alone(engine, state, part):
    interrupt(engine.client, state, part, CHUNK)
    other = VariantState(state.variant, state.folder, "another run")
    with pytest.raises(IndexStateError, match="created by the run run"):
        build(engine.client, other, part, lambda done: None)


def test_an_index_that_is_deleted_while_it_is_loaded_is_told(engine, state, part):
    deleted = []

    def delete(documents):
        if not deleted:
            deleted.append(engine.client.indices.delete(index=state.variant.index_name))

    with pytest.raises(IndexStateError, match="deleted while it was loaded"):
        build(engine.client, state, part, delete)


MANY = 20_000
KILLS = 20


def some_documents() -> Documents:
    """Drawn, so that a process that goes on must draw the same ones."""

    def block(number: int) -> np.ndarray:
        random = np.random.default_rng([3, number])
        return random.integers(-2, 3, (BLOCK, 648), dtype=np.int8)

    return Documents(np.zeros((700, 648), dtype=np.int8), MANY, block)


def load_on(engine: tuple[str, str, dict[str, object]], state: VariantState) -> None:
    """Load what is missing, in a process of its own."""
    loading_module.EVERY, loading_module.LEAST = 0.05, 0
    url, name, options = engine
    with connect(url, engine=name, **options) as client:
        build(client, state, Held(some_documents(), None), lambda done: None)


@pytest.mark.slow
def test_killed_twenty_times_it_ends_in_the_same_index(engine, state, tmp_path):
    """As ``kill -9`` does, at random moments; documents are counted, ordered and compared."""
    client, index = engine.client, state.variant.index_name
    settings = settings_from(reached_at(engine.url, engine))
    known = (settings.url, engine.name, settings.options(engine.name))
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(
        ["bench.kinds.variant_state", "bench.kinds.synthetic.documents"]
    )
    chance, progress = np.random.default_rng(0), [0]
    for struck in range(KILLS):
        loading = processes.Process(target=load_on, args=(known, state))
        loading.start()
        # So few each time that the kills come to an end before the documents do.
        wanted = progress[-1] + chance.uniform(0, MANY / KILLS)
        until = time.monotonic() + chance.uniform(0, 2)
        while loading.is_alive() and state.n_loading < wanted:
            if struck % 5 == 4 and time.monotonic() > until:  # whatever it is at
                break
            loading.join(0.005)
        loading.join(chance.uniform(0, 0.05))
        assert loading.exitcode is None, f"it ended after {struck} kills, of which {KILLS} are due"
        loading.kill()
        loading.join()
        progress.append(state.n_loading)
    assert progress == sorted(progress)
    assert MANY / 4 < progress[-1] < MANY
    load_on(known, state)
    assert [number for number, _ in in_order(client, index)] == list(range(MANY))
    whole = VariantState(replace(state.variant, name=f"{index}-whole"), tmp_path / "whole", "run")
    try:
        load_on(known, whole)
        assert contents(client, index) == contents(client, whole.variant.index_name)
        part = Held(some_documents(), None)
        killed, unkilled = (measure(client, one, part).size for one in (state, whole))
    finally:
        client.indices.delete(index=whole.variant.index_name, ignore_unavailable=True)
    assert (killed.documents, killed.deleted, killed.segments) == (MANY, 0, 1)
    # Versions differ, and numbers have gaps, where constants and runs took no bits.
    assert unkilled.store_bytes - 2_000 < killed.store_bytes < unkilled.store_bytes + 2 * MANY


def contents(client, index):
    """The SHA-256 of all documents by their numbers."""
    digest = hashlib.sha256()
    hits = scan(client, {"sort": [{"_seq_no": "asc"}]}, index=index, preserve_order=True)
    for hit in hits:
        digest.update(json.dumps([hit["_id"], hit["_source"]]).encode())
    return digest.hexdigest()
