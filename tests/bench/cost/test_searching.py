"""Searches of real indices, and summaries by hand."""

import numpy as np
import pandas as pd
import pytest

from bench.cost.searching import measure_condition, summarize_searches
from bench.cost.settings import Condition, Cost
from bench.evaluate.bootstrap import wilson_interval
from imgsig import get_words

COST = Cost(resamples=200)


@pytest.mark.engine
def test_right_answers_among_the_hits_are_counted(engine, loaded, signatures):
    samples = measure_condition(
        engine.client, loaded.variants, loaded.signed, Condition(), 30, COST, size=290
    )
    assert samples.groupby("variant").size().to_dict() == {"cost_array": 30, "cost_none": 30}
    own = samples[samples["variant"] == "cost_none"]
    assert set(own["query"]) == set(range(20))  # 30 of 20 usable queries: ten of them twice
    first = samples[samples["variant"] == "cost_array"]
    assert first["query"].to_list() == own["query"].to_list()
    assert (own["found"] == own["has_answer"]).all()
    assert set(own.loc[~own["has_answer"], "query"]) == {3, 7}
    words = get_words(signatures)
    expected = [np.any(words == words[query], axis=1).sum() for query in own["query"]]
    assert own["hits"].to_list() == expected
    assert (own["latency_ms"] > 0).all()
    assert (own["took_ms"] >= 0).all()


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
        own = samples[samples["variant"] == "cost_array"]
        equal = [(words == words[query]).sum(axis=1) for query in own["query"]]
        assert own["hits"].to_list() == [(scores >= least).sum() for scores in equal]
        assert (samples["clients"] == 2).all()


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
    service = table[(table["clock"] == "service") & (table["variant"] == "first")].iloc[0]
    assert service["p50"] == 20
