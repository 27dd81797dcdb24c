"""Copying: refused documents, pace, and what a cluster refuses."""

import time

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig, TransportApiResponse

from bench.errors import MeasurementError
from bench.migrate import Pace, begin
from bench.migrate.stream import REFUSED_AT_MOST, copy_pass

pytestmark = pytest.mark.engine


def test_refused_documents_are_listed_and_can_be_mended(fresh):
    fresh.add(range(60))
    plan = fresh.plan()  # before there is anything wrong
    fresh.add([7], signature=[0] * 9)
    fresh.add([8], path="x" * 40_000)  # longer than a column of Lucene's holds
    outcome = fresh.perform(plan)
    assert set(outcome.refused) == {"d7", "d8"}
    assert "exceeds the max length" in outcome.refused["d8"] or "immense" in outcome.refused["d8"]
    found = outcome.verified
    assert (found.source, found.destination, found.refused, found.is_whole) == (60, 58, 2, True)
    fresh.add([7, 8])
    mended = fresh.perform(plan)
    assert (mended.refused, mended.verified.destination) == ({}, 60)
    fresh.add([9], signature=None)  # its earlier state must not stay in the new index
    spoilt = fresh.perform(plan)
    assert (set(spoilt.refused), spoilt.verified.destination) == ({"d9"}, 59)


def test_too_many_are_no_accident(fresh):
    fresh.add(range(30))
    plan = fresh.plan()
    fresh.add(range(30, 30 + REFUSED_AT_MOST + 20), signature=[0] * 9)
    with pytest.raises(MeasurementError, match=r"more than 100 documents .*--skip-bad"):
        fresh.perform(plan)
    outcome = fresh.perform(plan, skip_refused=True)
    assert outcome.verified.refused == REFUSED_AT_MOST + 20
    assert outcome.verified.is_whole


def test_the_pace_is_kept(fresh):
    fresh.add(range(60))
    plan = fresh.plan()
    begun = time.monotonic()
    progress = begin(fresh.client, plan)
    copy_pass(fresh.client, plan, progress, Pace(batch=20, per_second=40))
    assert time.monotonic() - begun >= 1.4


def test_a_busy_cluster_is_sent_the_page_again(fresh, monkeypatch):
    fresh.add(range(60))
    plan, transport = fresh.plan(), fresh.client.transport
    send, refused = transport.perform_request, []

    def busy(method, target, **options):
        if target.endswith("/_bulk") and len(refused) < 2:
            refused.append(target)
            node = NodeConfig("http", "localhost", 9200)
            meta = ApiResponseMeta(429, "1.1", HttpHeaders(), 0.1, node)
            return TransportApiResponse(meta, {"error": {"type": "es_rejected"}})
        return send(method, target, **options)

    monkeypatch.setattr(transport, "perform_request", busy)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    assert fresh.perform(plan).verified.is_whole
    assert len(refused) == 2


def test_a_refused_write_is_an_error(fresh):
    fresh.add(range(20))
    plan = fresh.plan()
    begin(fresh.client, plan)
    fresh.client.indices.put_settings(index=plan.index, settings={"blocks.write": True})
    with pytest.raises(MeasurementError, match=r"answers 403.*to go on from here"):
        fresh.perform(plan)
    fresh.client.indices.put_settings(index=plan.index, settings={"blocks.write": None})
    assert fresh.perform(plan).verified.is_whole
