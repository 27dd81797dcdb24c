"""Searches of real indices, and summaries by hand."""

import ctypes
import mmap
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from elastic_transport import ConnectionError as TransportConnectionError

from bench.cost.searching import (
    drop_from_page_cache,
    index_folders,
    join_samples,
    make_cold,
    measure_condition,
    summarize_searches,
    timed_search,
)
from bench.cost.settings import Condition, Cost
from bench.engine.client import connect
from bench.evaluate.bootstrap import wilson_interval
from bench.index.build import create_index, load_documents
from bench.index.variant import Variant
from imgsig import get_words
from tests.shared import WORKER

ARRAY = f"cost{WORKER}_array"
NONE = f"cost{WORKER}_none"

COST = Cost(resamples=200)


@pytest.mark.parametrize("engine", ["elasticsearch", "opensearch"])
@pytest.mark.parametrize("together", [1, 3])
def test_a_search_whose_connection_is_lost_is_sent_once(answering, signatures, engine, together):
    asked = []

    def hang_up(method, path):
        asked.append(path)
        return 0, {}, b""

    variant, condition = Variant(63, 16, {"id": "none"}), Condition(together=together)
    with connect(answering(hang_up), engine=engine) as client:
        search = timed_search(client, variant, signatures, condition, 10, [0, 1, 2])
        with pytest.raises(TransportConnectionError):
            search(0)
    assert len(asked) == 1


@pytest.mark.engine
def test_right_answers_among_the_hits_are_counted(engine, loaded, signatures):
    samples = measure_condition(
        engine.client, loaded.variants, loaded.signed, Condition(), 30, COST, size=290
    )
    assert samples.groupby("variant").size().to_dict() == {ARRAY: 30, NONE: 30}
    own = samples[samples["variant"] == NONE]
    assert set(own["query"]) == set(range(20))  # 30 of 20 usable queries: ten of them twice
    first = samples[samples["variant"] == ARRAY]
    assert first["query"].to_list() == own["query"].to_list()
    assert (own["found"] == own["has_answer"]).all()
    assert set(own.loc[~own["has_answer"], "query"]) == {3, 7}
    words = get_words(signatures)
    expected = [np.any(words == words[query], axis=1).sum() for query in own["query"]]
    assert own["hits"].to_list() == expected
    assert (own["latency_ms"] > 0).all()
    assert (own["took_ms"] >= 0).all()
    stored = 2 * signatures.shape[1]  # a digit and a comma each, or a bracket
    more = first["answer_bytes"].to_numpy() - own["answer_bytes"].to_numpy()
    assert (more > stored * own["hits"].to_numpy()).all()
    assert (own["answer_bytes"] > 30 * own["hits"]).all()


@pytest.mark.engine
def test_asking_for_more_words_loses_hits_and_nothing_else(engine, loaded, signatures):
    words = get_words(signatures)
    for least in (2, 60):
        samples = measure_condition(
            engine.client,
            loaded.variants,
            loaded.signed,
            Condition(minimum_should_match=least, clients=2, fetch="id"),
            20,
            COST,
            size=290,
        )
        own = samples[samples["variant"] == ARRAY]
        equal = [(words == words[query]).sum(axis=1) for query in own["query"]]
        assert own["hits"].to_list() == [(scores >= least).sum() for scores in equal]
        assert (samples["clients"] == 2).all()


@pytest.mark.engine
def test_without_a_second_key_the_same_scores_are_found(engine, loaded):
    samples = join_samples(
        measure_condition(
            engine.client,
            loaded.variants,
            loaded.signed,
            Condition(second_key=second_key),
            20,
            COST,
            size=290,
        )
        for second_key in (True, False)
    )
    assert samples.groupby("second_key").size().to_dict() == {False: 40, True: 40}
    with_key, without = (own for _, own in samples.groupby("second_key"))
    assert with_key["hits"].to_list() == without["hits"].to_list()
    table = summarize_searches(samples, COST)
    assert table["second_key"].to_list() == [True] * 4 + [False] * 4
    assert table["right_lost"].sum() == 0


@pytest.mark.only_on("elasticsearch", reason="asks for the number of a set's words by a script")
@pytest.mark.engine
def test_words_as_a_set_and_searches_together_find_the_same(engine, loaded, index_name):
    variant = Variant(16, 6, {"id": "none"}, layout="keyword_column", name=index_name)
    create_index(engine.client, variant, "run")
    load_documents(engine.client, variant, loaded.signed.database)
    both = [loaded.variants[0], variant]
    base, as_set, together = (
        measure_condition(engine.client, both, loaded.signed, condition, 20, COST, size=290)
        for condition in (Condition(), Condition(terms_set=True), Condition(together=8))
    )
    # image-match has a field a word: its words are in no set.
    assert as_set["variant"].unique().tolist() == [index_name]
    own = base[base["variant"] == index_name]
    assert as_set["hits"].to_list() == own["hits"].to_list()
    assert as_set["found"].to_list() == own["found"].to_list()
    assert together["hits"].to_list() == base["hits"].to_list()
    samples = join_samples([base, as_set, together])
    assert samples["together"].unique().tolist() == [1, 8]
    assert samples["terms_set"].dtype == bool
    table = summarize_searches(samples, COST)
    assert table["right_lost"].sum() == 0


@pytest.mark.slow
@pytest.mark.engine
def test_a_cold_search_finds_the_same(engine, loaded):
    warm, cold = (
        measure_condition(
            engine.client, loaded.variants, loaded.signed, Condition(state=state), 3, COST
        )
        for state in ("warm", "cold")
    )
    assert set(cold["state"]) <= {"cold", "reopened"}
    assert cold["hits"].to_list() == warm["hits"].to_list()


def made(
    variant: str, latencies: np.ndarray, found: list[bool], **condition: object
) -> pd.DataFrame:
    n = len(latencies)
    return pd.DataFrame(
        {
            "variant": variant,
            "took_ms": np.floor(latencies),
            "latency_ms": latencies,
            "hits": 10,
            "answer_bytes": np.arange(n),
            "query": np.arange(n),
            "has_answer": np.arange(n) % 2 == 0,
            "found": found,
            "seconds": latencies.sum() / 1000,
            "clients": 1,
            "minimum_should_match": 1,
            "fetch": "signature",
            "state": "warm",
        }
        | condition
    )


def test_summaries_by_hand():
    latencies = np.linspace(10, 30, 201)
    even = [i % 2 == 0 for i in range(201)]
    fewer = [i % 4 == 0 for i in range(40)]
    samples = pd.concat(
        [
            made("first", latencies, even),
            made("second", latencies / 2, even),
            made("first", latencies[:40], even[:40], minimum_should_match=4),
            made("second", latencies[:40], fewer, minimum_should_match=4),
            made("second", latencies[:10], even[:10], state="cold"),
        ],
        ignore_index=True,
    )
    table = summarize_searches(samples, COST)
    assert len(table) == 5 * 2
    by = table[table["clock"] == "latency"].set_index(["state", "minimum_should_match", "variant"])
    base = by.loc["warm", 1, "second"]
    assert base[["p50", "p95"]].to_list() == pytest.approx([10, 14.5])
    assert np.isnan(base["p99"])
    assert base[["ratio_to_first", "low", "high"]].to_list() == pytest.approx([0.5, 0.5, 0.5])
    assert base["throughput"] == pytest.approx(1000 / 10)
    assert (base["answerable"], base["candidate_recall"], base["right_lost"]) == (101, 1, 0)
    four = by.loc["warm", 4, "second"]
    assert (four["answerable"], four["right_at_base"], four["right_lost"]) == (20, 20, 10)
    assert four["candidate_recall"] == 0.5
    interval = wilson_interval(10, 20, COST.confidence)
    assert (four["lost_low"], four["lost_high"]) == interval
    assert by.loc["warm", 4, "first"]["right_lost"] == 0
    assert by.loc["warm", 1, "first"]["ratio_to_first"] == 1
    cold = by.loc["cold", 1, "second"]
    assert np.isnan(cold["ratio_to_first"])  # the first was not measured cold
    assert np.isnan(cold["throughput"])
    assert np.isnan(cold["p50"])
    assert base["answer_bytes"] == 100
    before = summarize_searches(samples.drop(columns="answer_bytes"), COST)
    pd.testing.assert_frame_equal(before, table.drop(columns="answer_bytes"))
    service = table[(table["clock"] == "service") & (table["variant"] == "first")].iloc[0]
    assert service["p50"] == 20


linux = pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="needs posix_fadvise")


def resident_pages(path: Path) -> int:
    """Pages of a file that are in the page cache, as mincore(2) tells."""
    pages = -(-path.stat().st_size // mmap.PAGESIZE)
    found = (ctypes.c_ubyte * pages)()
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as mapped:
        start = (ctypes.c_char * len(mapped)).from_buffer(mapped)
        address = ctypes.c_void_p(ctypes.addressof(start))
        length = ctypes.c_size_t(len(mapped))
        assert ctypes.CDLL(None, use_errno=True).mincore(address, length, found) == 0
        del start
    return int((np.frombuffer(found, dtype=np.uint8) & 1).sum())


@pytest.mark.engine
def test_an_index_that_a_killed_run_left_closed_is_opened(engine, loaded):
    closed = loaded.variants[0].index_name
    engine.client.indices.close(index=closed)
    samples = measure_condition(
        engine.client, loaded.variants, loaded.signed, Condition(), 4, COST, size=10
    )
    assert (samples["hits"] == 10).all()


@linux
def test_files_leave_the_page_cache(tmp_path):
    path = tmp_path / "deep" / "file"
    path.parent.mkdir()
    path.write_bytes(bytes(1 << 20))
    assert resident_pages(path) == (1 << 20) // mmap.PAGESIZE
    assert drop_from_page_cache(tmp_path)
    assert resident_pages(path) < 8
    assert path.read_bytes() == bytes(1 << 20)
    assert not drop_from_page_cache(tmp_path / "nothing")


@pytest.mark.engine
def test_a_cold_index_holds_what_it_held(engine, loaded):
    client, index = engine.client, loaded.variants[0].index_name
    before = client.count(index=index)["count"]
    (folder,) = index_folders(client, index)
    assert any(folder.rglob("*.si"))
    assert make_cold(client, index) == ("cold" if hasattr(os, "posix_fadvise") else "reopened")
    assert client.count(index=index)["count"] == before


@pytest.mark.engine
def test_files_elsewhere_cannot_be_dropped(engine, loaded, monkeypatch):
    monkeypatch.setattr("bench.cost.searching.index_folders", lambda client, index: [])
    assert make_cold(engine.client, loaded.variants[0].index_name) == "reopened"
